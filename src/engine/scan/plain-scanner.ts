import { addGramsOf } from './grams.ts';
import { TEXT_LIMITS } from './limits.ts';
import { Places, findPlaces } from './plain/find.ts';
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
	#columns = columnsFor(1_024);
	readonly #record = new RecordReader();
	readonly #texts = {
		level: new Texts(TEXT_LIMITS.level),
		logger: new Texts(TEXT_LIMITS.logger),
		task: new Texts(TEXT_LIMITS.task),
	};
	readonly #places = new Places();

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
		let count = 0;
		let start = 0;
		while (start < length) {
			if (count + 1 >= this.#columns.starts.length) {
				this.#columns = grown(this.#columns);
			}
			this.#columns.starts[count] = start;
			start = this.#readLine(count, start);
			count++;
		}
		bytes[length] = after;
		const end = Math.min(start, length);
		this.#columns.starts[count] = end;
		return viewOf(this.#columns, count);
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

	find(length: number, needle: Uint8Array): Uint32Array {
		this.#places.clear();
		findPlaces(this.#input, length, needle, this.#places);
		return this.#places.view();
	}

	/** Reads the line that begins at `start` into row `row`; where the next one begins. */
	#readLine(row: number, start: number): number {
		const record = this.#record;
		const columns = this.#columns;
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

type Columns = Omit<ScannedLines, 'count'>;

function columnsFor(rows: number): Columns {
	return {
		starts: new Uint32Array(rows + 1),
		status: new Uint8Array(rows),
		ts: new Float64Array(rows),
		level: new Uint16Array(rows),
		logger: new Uint32Array(rows),
		task: new Uint32Array(rows),
		messageStart: new Uint32Array(rows),
		messageLength: new Uint32Array(rows),
	};
}

function grown(columns: Columns): Columns {
	const result = columnsFor(columns.status.length * 2);
	result.starts.set(columns.starts);
	result.status.set(columns.status);
	result.ts.set(columns.ts);
	result.level.set(columns.level);
	result.logger.set(columns.logger);
	result.task.set(columns.task);
	result.messageStart.set(columns.messageStart);
	result.messageLength.set(columns.messageLength);
	return result;
}

function viewOf(columns: Columns, count: number): ScannedLines {
	return {
		count,
		starts: columns.starts.subarray(0, count + 1),
		status: columns.status.subarray(0, count),
		ts: columns.ts.subarray(0, count),
		level: columns.level.subarray(0, count),
		logger: columns.logger.subarray(0, count),
		task: columns.task.subarray(0, count),
		messageStart: columns.messageStart.subarray(0, count),
		messageLength: columns.messageLength.subarray(0, count),
	};
}
