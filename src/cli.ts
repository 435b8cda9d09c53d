#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts';

const { argv, stdin, stdout, stderr } = process;
process.exitCode = await runCommandLine(argv.slice(2), { stdin, stdout, stderr, cwd: process.cwd() });
