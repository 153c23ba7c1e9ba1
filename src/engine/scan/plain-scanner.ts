import { Columns } from './columns.ts';
import { addGramsOf } from './grams.ts';
import {
	MAX_LEVELS,
	MAX_LEVEL_BYTES,
	MAX_LOGGERS,
	MAX_LOGGER_BYTES,
	MAX_TASKS,
	MAX_TASK_BYTES,
} from './limits.ts';
import { findInStretches } from './plain/find.ts';
import { RecordReader } from './plain/record.ts';
import { Texts } from './plain/texts.ts';
import { LineStatus } from './scanner.ts';
import type { LineScanner, ScannedLines, TextKind } from './scanner.ts';

/** The scanner in plain JavaScript, for where WebAssembly is not to be had. */
export function createPlainScanner(): LineScanner {
	return new PlainScanner();
}

class PlainScanner implements LineScanner {
	#input = new Uint8Array(0);
	readonly #columns = new Columns();
	readonly #record = new RecordReader();
	readonly #texts = {
		level: new Texts(MAX_LEVELS, MAX_LEVEL_BYTES),
		logger: new Texts(MAX_LOGGERS, MAX_LOGGER_BYTES),
		task: new Texts(MAX_TASKS, MAX_TASK_BYTES),
	};

	input(length: number): Uint8Array {
		if (this.#input.length <= length) {
			// Room for an LF behind it.
			this.#input = new Uint8Array(length + 1);
		}
		return this.#input.subarray(0, length);
	}

	scan(length: number): ScannedLines {
		const bytes = this.#input;
		// An LF behind the input ends the last line. The byte may be input that is to be scanned later.
		const after = bytes[length] ?? 0;
		bytes[length] = 0x0a;
		this.#record.open(bytes);
		this.#columns.clear();
		let count = 0;
		let start = 0;
		while (start < length) {
			this.#columns.reserve(count + 1);
			this.#columns.arrays.starts[count] = start;
			start = this.#readLine(count, start);
			count++;
		}
		bytes[length] = after;
		return this.#columns.view(count, length);
	}

	text(kind: TextKind, id: number): string {
		return Buffer.from(this.#texts[kind].bytesOf(id)).toString();
	}

	textCount(kind: TextKind): number {
		return this.#texts[kind].count;
	}

	forget(): void {
		this.#texts.level.forget();
		this.#texts.logger.forget();
		this.#texts.task.forget();
	}

	addGrams(from: number, to: number, filter: Uint8Array): boolean {
		return addGramsOf(this.#input, from, to, filter);
	}

	find(stretches: Uint32Array, count: number, needle: Uint8Array, found: Uint8Array): void {
		findInStretches(this.#input, stretches, count, needle, found);
	}

	/** Reads the line that begins at `start` into row `row`; where the next one begins. */
	#readLine(row: number, start: number): number {
		const record = this.#record;
		const columns = this.#columns.arrays;
		const status = record.read(start);
		columns.status[row] = status;
		if (status === LineStatus.other) {
			return this.#input.indexOf(0x0a, start) + 1;
		}
		const bytes = this.#input;
		const { level, logger, task } = this.#texts;
		const levelId = level.idOf(bytes, record.levelStart, record.levelEnd);
		const loggerId = logger.idOf(bytes, record.loggerStart, record.loggerEnd);
		const hasTask = record.taskEnd > 0;
		const taskId = hasTask ? task.idOf(bytes, record.taskStart, record.taskEnd) : 0;
		if (levelId < 0 || loggerId < 0 || taskId < 0) {
			columns.status[row] = LineStatus.other;
			return record.end + 1;
		}
		columns.ts[row] = record.ts;
		columns.level[row] = levelId;
		columns.logger[row] = loggerId;
		columns.task[row] = taskId;
		columns.messageStart[row] = record.messageStart - start;
		columns.messageLength[row] = record.messageEnd - record.messageStart;
		return record.end + 1;
	}
}
