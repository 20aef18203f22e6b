import { runCommand } from './run.js';

const write = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${text}\n`);

process.exitCode = await runCommand(process.argv.slice(2), { out: write(process.stdout), note: write(process.stderr) });
