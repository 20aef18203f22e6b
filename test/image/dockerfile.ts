import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Instruction {
  name: string;
  /** The rest, without line continuations. */
  text: string;
}

export interface Stage {
  /** `AS …`, or the number of the stage. */
  name: string;
  base: string;
  instructions: Instruction[];
}

/** The stages of a Dockerfile, as far as ours goes: one instruction a line, a backslash continues it, `#` begins a comment. */
export function stagesOf(text: string): Stage[] {
  const stages: Stage[] = [];
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n\s*/g, '');
  for (const line of lines.split('\n').filter((one) => one.trim() !== '')) {
    const [name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line)?.slice(1) ?? [];
    if (name !== 'FROM') {
      stages.at(-1)!.instructions.push({ name, text: rest });
      continue;
    }
    const [base = '', alias = String(stages.length)] = rest.split(/\s+AS\s+/);
    stages.push({ name: alias, base, instructions: [] });
  }
  return stages;
}

interface Build {
  /** The context, with only what .dockerignore lets in. */
  context: string;
  /** Where each stage gets a folder that stands for its `/`. */
  folder: string;
  args: Readonly<Record<string, string>>;
  /** Put before the PATH: the base image's programs. */
  programs: string;
  onStep: (text: string) => void;
}

/**
 * Carries out COPY and RUN of some stages in folders. RUN lines must keep to their working directory, since there is no root file
 * system of their own: what names another place is refused.
 * @returns the folder of the last stage.
 */
export function buildStages(stages: readonly Stage[], { context, folder, args, programs, onStep }: Build): string {
  const rootOf = (stage: string) => join(folder, stage);
  for (const { name, instructions } of stages) {
    const env: Record<string, string> = {};
    let at = '/';
    const filled = (text: string) => text.replace(/\$(\w+)/g, (_, key: string) => env[key] ?? args[key] ?? '');
    for (const { name: what, text } of instructions) {
      if (what === 'WORKDIR') at = text;
      if (what === 'ENV')
        for (const [, key = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) env[key] = filled(value);
      const directory = join(rootOf(name), at);
      mkdirSync(directory, { recursive: true });
      if (what === 'COPY') {
        const words = text.split(/\s+/).filter((word) => !word.startsWith('--'));
        const from = /--from=(\w+)/.exec(text)?.[1];
        const target = words.pop()!;
        for (const source of words) {
          const path = join(from === undefined ? context : rootOf(from), source);
          const into =
            target.endsWith('/') && source !== '.'
              ? join(directory, target, basename(source))
              : join(directory, target);
          cpSync(path, into, { recursive: true, verbatimSymlinks: true });
        }
      }
      if (what === 'RUN') {
        if (/(^|[\s'"])\//.test(text)) throw new Error(`a step outside of its folder: ${text}`);
        onStep(text);
        execFileSync('sh', ['-c', text], {
          cwd: directory,
          env: { ...process.env, PATH: `${programs}:${process.env.PATH}`, ...env },
          stdio: ['ignore', 'ignore', 'inherit'],
        });
      }
    }
  }
  return rootOf(stages.at(-1)!.name);
}

/** Copies what the ignore file lets in: it excludes everything, then names what is wanted, then what is not. */
export function copyContext(root: string, ignoreFile: string, folder: string): void {
  const lines = readFileSync(ignoreFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const wanted = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const never = new Set(lines.filter((line) => line.startsWith('**/')).map((line) => line.slice('**/'.length)));
  if (lines[0] !== '*' || wanted.length + never.size + 1 !== lines.length)
    throw new Error('an ignore file of another kind');
  for (const name of wanted) {
    if (!existsSync(join(root, name))) throw new Error(`${name} is not there`);
    cpSync(join(root, name), join(folder, name), {
      recursive: true,
      filter: (path) => !never.has(basename(path)),
    });
  }
}
