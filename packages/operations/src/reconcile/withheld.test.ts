import type { StoredDeadLetter } from '@pingan/store';
import { expect, it } from 'vitest';
import type { Installation } from '../installation.js';
import { messagesOf } from './withheld.js';

it('judges a message again as of the time it was set aside, not as of now', async () => {
  const letter: StoredDeadLetter = {
    id: 'pingan.police-0-7',
    reason: 'from_the_future',
    detail: '',
    topic: 'pingan.police',
    partition: 0,
    offset: '7',
    key: null,
    bytes: Buffer.from('{}').toString('base64'),
    failed_at: '2026-10-05T20:00:00.000Z',
    stored_at: '2026-10-05T20:00:01.000Z',
    replay: null,
    replayed_at: null,
    acknowledged_by: null,
    acknowledged_note: null,
    acknowledged_at: null,
  };
  // Nothing is asked of the log for a letter that has its own bytes.
  const messages = await messagesOf({} as Installation, [letter]);
  expect([...messages].map(([id, { timestamp }]) => [id, timestamp])).toEqual([
    ['pingan.police-0-7', Date.parse('2026-10-05T20:00:00Z')],
  ]);
});
