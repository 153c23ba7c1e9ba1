#!/usr/bin/env node
// Starts the app on the Node it is made for: that comes as a package, whichever one runs this.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const own = join(root, 'node_modules', 'node', 'bin', 'node');
const program = existsSync(own) ? own : process.execPath;
const script = join(root, 'src', 'main', 'launch.ts');
const args = process.argv.slice(2);
const child = spawn(program, [script, ...args], { stdio: 'inherit' });
if (args.some((arg) => /:\/\/.*@|password=/is.test(arg))) {
	// Lists of processes no longer show the arguments: there may be a password among them.
	process.title = 'asyncz-companion';
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
	// A terminal tells both; what another process sends comes here alone.
	process.on(signal, () => child.kill(signal));
}
child.on('error', (error) => {
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
});
child.on('exit', (code, signal) => {
	process.exitCode = code ?? (signal === null ? 1 : 128);
});
