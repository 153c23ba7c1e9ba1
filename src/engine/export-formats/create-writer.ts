import { assertNever } from '#shared/errors.ts';
import { DEFAULT_EXPORT_COLUMNS } from '#shared/model/export.ts';
import type { ExportFormat, ExportRequest } from '#shared/model/export.ts';
import { cellReaders } from './cell-reader.ts';
import { CsvLines } from './csv-lines.ts';
import type { EntryWriter } from './entry-writer.ts';
import { RecordLines } from './record-lines.ts';
import { StampText } from './stamp-text.ts';
import { TextLines } from './text-lines.ts';

/** What writes entries in a format that is made of them; original lines are each storage's own. */
export function createWriter(
	format: Exclude<ExportFormat, 'original'>,
	request: Pick<ExportRequest, 'columns' | 'time_zone' | 'precision' | 'color'>,
): EntryWriter {
	const { columns = DEFAULT_EXPORT_COLUMNS, time_zone, precision, color } = request;
	switch (format) {
		case 'jsonl':
			return new RecordLines();
		case 'csv':
			return new CsvLines(cellReaders(columns), new StampText(time_zone, precision, true));
		case 'text':
			return new TextLines(cellReaders(columns), new StampText(time_zone, precision, false), color);
		default:
			return assertNever(format);
	}
}
