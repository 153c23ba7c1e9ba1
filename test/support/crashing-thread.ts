import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';

type Listen = (event: string, listener: (value: unknown) => void) => MessagePort;

/** Writes the entry of a thread that dies when it is told to, in a folder. */
export function crashingThread(folder: string, thread: string, entry: URL): URL {
	const path = join(folder, `${thread}.mjs`);
	const itself = JSON.stringify(import.meta.url);
	const names = `${JSON.stringify(folder)}, ${JSON.stringify(thread)}`;
	writeFileSync(
		path,
		`import { dieWhenTold } from ${itself};\ndieWhenTold(${names});\nawait import(${JSON.stringify(entry.href)});\n`,
	);
	return pathToFileURL(path);
}

/**
 * In a thread: has it die when there is a file `<thread>-before` in the folder at its next request,
 * or `<thread>-after` before it answers.
 */
export function dieWhenTold(folder: string, thread: string): void {
	const port = parentPort;
	if (port === null) {
		throw new Error('It runs in a thread');
	}
	const dieIfTold = (moment: string) => {
		if (isTaken(join(folder, `${thread}-${moment}`))) {
			process.exit(1);
		}
	};
	const listen = port.on.bind(port);
	const post = port.postMessage.bind(port);
	const on: Listen = (event, listener) =>
		listen(event, (value: unknown) => {
			if (event === 'message') {
				dieIfTold('before');
			}
			listener(value);
		});
	port.on = on as typeof port.on;
	port.postMessage = (message: unknown) => {
		dieIfTold('after');
		post(message);
	};
}

/** Whether there was an order, which is gone now: of several threads that look for it one finds it. */
function isTaken(order: string): boolean {
	try {
		rmSync(order);
		return true;
	} catch {
		return false;
	}
}
