import { runCommand } from './run.js';
import { outputOf } from './terminal.js';

// Whoever reads only the beginning (`| head`) closes the pipe: nobody is left to tell, and nothing is wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCommand(process.argv.slice(2), outputOf(process.stdout, process.stderr));
