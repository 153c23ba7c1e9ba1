import { createScanner } from '../../scan/create-scanner.ts';
import { FILTER_BYTES } from '../../scan/scanner.ts';
import { Dictionary } from './dictionary.ts';
import { decodeBytes } from './decode-bytes.ts';
import { RowBuilder } from './row-builder.ts';

const LINES = 400;
const TURNS = 8;

/**
 * Reads some made-up records, so that the first log is read by code that is compiled already: a cold
 * start would take most of the time until its first rows are there. Takes some 10 ms.
 */
export function warmUp(): void {
	const scanner = createScanner();
	const builder = new RowBuilder(scanner, new Dictionary());
	const text = Array.from({ length: LINES }, (_, index) => record(index)).join('');
	const bytes = Buffer.from(text);
	for (let turn = 0; turn < TURNS; turn++) {
		builder.input(bytes.length).set(bytes);
		builder.build(bytes.length, { arrival: 0, state: 'fresh' });
		scanner.addGrams(0, bytes.length, new Uint8Array(FILTER_BYTES));
		scanner.find(Uint32Array.of(0, bytes.length), 1, Buffer.from('absent'), new Uint8Array(1));
	}
	for (const line of text.split('\n', 100)) {
		decodeBytes(Buffer.from(line), { arrival: 0, mapping: undefined });
	}
}

function record(index: number): string {
	const second = String(index % 60).padStart(2, '0');
	return `{"ts": "2026-11-22 10:19:${second}.278583+00:00", "level": "INFO", "message": "Report ${index} built", "logger": "asyncz.task", "task_id": "task_${index % 50}", "extra": {"run_id": "${index}"}}\n`;
}
