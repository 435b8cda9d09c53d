#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts';

const { argv, stdin, stdout, stderr } = process;
// Whoever reads has read enough, as `head` does.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
process.exitCode = await runCommandLine(argv.slice(2), { stdin, stdout, stderr, cwd: process.cwd() });
