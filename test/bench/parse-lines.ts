/** The measuring rod, a process of its own: JSON.parse of every line of a file. `parse-lines.ts FILE` */
import { openSync, readSync } from 'node:fs';

const [path] = process.argv.slice(2);
if (path === undefined) {
	throw new Error('parse-lines.ts FILE');
}
const LF = 0x0a;
const file = openSync(path, 'r');
const buffer = Buffer.alloc(2 * 1024 * 1024);
let held = 0;
let records = 0;
for (;;) {
	const read = readSync(file, buffer, held, 1024 * 1024, null);
	if (read === 0) {
		break;
	}
	const filled = held + read;
	const end = buffer.lastIndexOf(LF, filled - 1) + 1;
	for (const line of buffer.toString('utf8', 0, Math.max(end - 1, 0)).split('\n')) {
		records += typeof JSON.parse(line) === 'object' ? 1 : 0;
	}
	buffer.copy(buffer, 0, end, filled);
	held = filled - end;
}
console.log(records);
