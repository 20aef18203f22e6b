import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '@pingan/cli';
import {
  bodySchemas,
  recordTypeNames,
  recordTypeOf,
  type SchemaId,
  schemaIds,
  streamOfSchema,
} from '@pingan/contracts';
import { severityNames } from '@pingan/indicators';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const chinese = readdirSync(join(root, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const documents = ['README.md', 'CONTRIBUTING.md', ...chinese];

/** Programs of the machine that the documents tell people to run. */
const ofTheMachine = new Set(['npm', 'git', 'useradd', 'install', 'cp', 'systemctl', 'journalctl', 'sudo']);

/** Outside fenced blocks, which hold ledgers and output. */
const prose = (path: string) => read(path).replace(/^```[\s\S]*?^```$/gm, '');

describe.each(documents)('%s', (path) => {
  it('links to files and headings that are there', () => {
    for (const [, target = ''] of prose(path).matchAll(/\]\(((?!https?:)[^)]+)\)/g)) {
      const [file = '', heading] = target.split('#');
      const linked = file === '' ? path : join(dirname(path), file);
      expect(existsSync(join(root, linked)), `${path}: ${target}`).toBe(true);
      if (heading !== undefined) expect(anchorsOf(linked), `${path}: ${target}`).toContain(heading);
    }
  });

  it('names scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(path).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name);
    for (const name of named) expect(Object.keys(scripts), `${path}: npm run ${name}`).toContain(name);
  });
});

/** Headings as GitHub links them, and explicit anchors. */
function anchorsOf(path: string): string[] {
  const text = prose(path);
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
}

describe.each(chinese)('%s', (path) => {
  it('has full-width punctuation between Chinese words', () => {
    const plain = prose(path)
      .replace(/`[^`]*`/g, '')
      .replace(/\]\([^)]*\)/g, ']');
    expect(plain.match(/.*\p{Script=Han}[,;:?!()]\s?(?=\p{Script=Han}).*/gu) ?? []).toEqual([]);
  });

  it('shows commands that exist', async () => {
    const help: string[] = [];
    await runCommand(['help'], { out: (text) => void help.push(text), note: () => undefined });
    const commands = new Set([...help.join('\n').matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name));
    const shown = [...prose(path).matchAll(/^ {4,}([a-z][a-z-]*) /gm)].map(([, name = '']) => name);
    for (const name of shown.filter((one) => !ofTheMachine.has(one))) expect([...commands], path).toContain(name);
  });
});

describe('docs/台账接入.md', () => {
  const text = read('docs/台账接入.md');
  const sections = text.split(/^### /m);
  const sectionOf = (schema: SchemaId) =>
    sections.find((section) => section.split('\n', 1)[0]?.includes(`\`${schema}\``)) ?? '';

  it.each(schemaIds)('has every field and word of %s', (schema) => {
    // A hotline order is a petition and more; the document says so.
    const section = sectionOf(schema) + (schema === 'hotline.order/1' ? sectionOf('petition.case/1') : '');
    const missing = Object.entries(bodySchemas[schema].shape).flatMap(([name, type]) => {
      const inner = type instanceof z.ZodOptional ? type.unwrap() : type;
      const words = inner instanceof z.ZodEnum ? inner.options.map(String) : [];
      return [name, ...words].filter((word) => !section.includes(`\`${word}\``));
    });
    expect(missing).toEqual([]);
  });

  it.each(schemaIds)('says which fields of %s a mapping must have', (schema) => {
    const lines = sectionOf(schema).split('\n');
    const shown = lines
      .filter((line) => line.includes('**必填**'))
      .map((line) => /^\| `(\w+)`/.exec(line)?.[1])
      .sort();
    const own = Object.entries(bodySchemas[schema].shape).filter(([, type]) => !(type instanceof z.ZodOptional));
    const required = own.map(([name]) => name).sort();
    expect(shown).toEqual(schema === 'hotline.order/1' ? [] : required);
  });

  it.each(schemaIds)('says where ledgers of %s are put', (schema) => {
    const row = text.split('\n').find((line) => line.includes(`\`${streamOfSchema[schema]}\``) && line.includes('/1`'));
    expect(row).toContain(`\`${schema}\` ${recordTypeNames[recordTypeOf(schema)]}`);
  });

  it('has the classes of cases with their names', () => {
    const classes = Object.keys(severityNames).filter((word) => !['public_order', 'criminal'].includes(word));
    expect(classes.filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
  });
});
