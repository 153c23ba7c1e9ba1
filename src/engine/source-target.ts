import { statSync } from 'node:fs';
import type { SourceConfig } from '#shared/model/source.ts';

/** What tells the file that a path leads to; the path itself where there is none. */
export function targetOf(type: SourceConfig['type'], path: string): string {
	try {
		if (type === 'glob') {
			return path;
		}
		const { dev, ino } = statSync(path, { bigint: true });
		return `${dev}:${ino}`;
	} catch {
		return path;
	}
}
