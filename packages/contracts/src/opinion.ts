import { z } from 'zod';
import { caseId, moment, shortText } from './primitives.js';
import { recordType } from './record-type.js';

/** 舆情事件. Levels run from 1 (blue) to 4 (red). `heat` is the reach-weighted volume. */
export const opinionEvent = recordType({
  schema: 'opinion.event/1',
  name: '舆情',
  stream: 'opinion',
  body: z.object({
    topic: shortText.optional(),
    sentiment: z.enum(['negative', 'neutral', 'positive']),
    level: z.int().min(1).max(4),
    heat: z.number().min(0).max(1e9),
    is_false_rumour: z.boolean().optional(),
    needs_response: z.boolean().optional(),
    discovered_at: moment,
    verified_at: moment.optional(),
    first_response_at: moment.optional(),
    closed_at: moment.optional(),
    peak_level: z.int().min(1).max(4).optional(),
    secondary_of: caseId.optional(),
  }),
  timeOrders: [
    ['discovered_at', 'verified_at'],
    ['discovered_at', 'first_response_at'],
    ['discovered_at', 'closed_at'],
  ],
  levels: [['level', 'peak_level']],
});
