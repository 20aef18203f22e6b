import { runCommand } from './run.js';
import { printed } from './shown.js';

const write = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${printed(text)}\n`);

// Whoever reads only the beginning (`| head`) closes the pipe: nobody is left to tell, and nothing is wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCommand(process.argv.slice(2), { out: write(process.stdout), note: write(process.stderr) });
