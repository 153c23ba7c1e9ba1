import { zstdDecompressSync } from 'node:zlib';
import { packColumns, RowFlag, unpackColumns } from '../segment/columns.ts';
import { levelOfText } from '../segment/dictionary.ts';
import { ERROR } from '../segment/row-summary.ts';
import type { Segment } from '../segment/segment.ts';
import { formatSegment, readSegment, readTexts } from './catalogue.ts';
import { compressText } from './commit.ts';
import { textKey } from './schema.ts';
import type { WritableDatabase } from './schema.ts';

/**
 * Takes the rows of some logs out of a segment that holds rows of others too: they are in no answer
 * any more, their text is overwritten, and what is left keeps its `seq`. Returns the segment as it
 * is then, `undefined` if it has left meanwhile.
 */
export function hideRows(
	db: WritableDatabase,
	id: number,
	generations: ReadonlySet<number>,
): Segment | undefined {
	return db.transaction(() => {
		const segment = readSegment(db, id);
		const data = db.prepare('SELECT columns FROM segment WHERE id = ?').pluck().get(id);
		if (segment === undefined || !(data instanceof Uint8Array)) {
			return undefined;
		}
		const columns = unpackColumns(data, segment.rows);
		const levels = readTexts(db).level;
		const text = segment.isTextKept ? readText(db, id) : undefined;
		let { hidden, errors } = segment;
		for (const [index, span] of segment.spans.entries()) {
			const to = segment.spans[index + 1]?.row ?? segment.rows;
			if (!generations.has(span.generation) || to === span.row) {
				continue;
			}
			for (let row = span.row; row < to; row++) {
				const flags = columns.flags[row] ?? 0;
				if ((flags & RowFlag.hidden) === 0) {
					hidden++;
					const level = levels[(columns.level[row] ?? 0) - 1] ?? '';
					errors -= levelOfText(level).severity >= ERROR ? 1 : 0;
					columns.flags[row] = flags | RowFlag.hidden;
					columns.logger[row] = 0;
					columns.task[row] = 0;
				}
			}
			text?.fill(0, span.text, columns.end[to - 1]);
		}
		const isShown = ({ row }: { readonly row: number }) =>
			((columns.flags[row] ?? 0) & RowFlag.hidden) === 0;
		const changed: Segment = {
			...segment,
			hidden,
			errors,
			version: segment.version + 1,
			late: segment.late.filter(isShown),
			gaps: segment.gaps.filter(isShown),
		};
		db.prepare('UPDATE segment SET meta = ?, columns = ? WHERE id = ?').run(
			formatSegment(changed),
			packColumns(columns, segment.rows),
			id,
		);
		const update = db.prepare('UPDATE text SET data = ? WHERE id = ?');
		for (const [block, compressed] of compressText(text ?? new Uint8Array(0)).entries()) {
			update.run(compressed, textKey(id, block));
		}
		return changed;
	})();
}

function readText(db: WritableDatabase, segment: number): Buffer {
	const blocks = db
		.prepare('SELECT data FROM text WHERE id BETWEEN ? AND ? ORDER BY id')
		.pluck()
		.all(textKey(segment, 0), textKey(segment + 1, 0) - 1) as Buffer[];
	return Buffer.concat(blocks.map((block) => zstdDecompressSync(block)));
}
