import { printed, runCommand } from '@pingan/cli';

/** One command line to be run, and what came of it. */
export interface Ask {
  id: number;
  args: readonly string[];
}

export interface Answer {
  id: number;
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs commands as main.ts of the command line does, in one process that has loaded everything. */
process.on('message', ({ id, args }: Ask) => {
  const texts = { out: '', note: '' };
  const add = (side: keyof typeof texts) => (text: string) => {
    texts[side] += `${printed(text)}\n`;
  };
  void runCommand(args, { out: add('out'), note: add('note') }).then((status) => {
    const answer: Answer = { id, status, stdout: texts.out, stderr: texts.note };
    process.send?.(answer);
  });
});
process.on('disconnect', () => process.exit());
