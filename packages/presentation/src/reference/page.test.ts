import { expect, it } from 'vitest';
import { markText } from '../goalposts.js';
import { escapeHtml, htmlTable } from './html.js';

it('says of an unverified figure that it is one', () => {
  expect(markText({ text: '', mark: '✘' })).toBe('✘ 未核实');
});

it('takes no text as markup', () => {
  const table = htmlTable([{ title: 'a<b', style: 'x"y', value: (text: string) => text }], [`<img src='x'> & "y"`]);
  expect(table).toContain('<th class="x&quot;y">a&lt;b</th>');
  expect(table).toContain('&lt;img src=&#39;x&#39;&gt; &amp; &quot;y&quot;');
  expect(escapeHtml('平安')).toBe('平安');
});
