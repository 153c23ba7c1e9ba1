import type { SourceConfig, SourceFile, SourceState } from '#shared/model/source.ts';
import type { FileKind } from '../log-sink.ts';
import type { FollowedLog } from './followed-log.ts';
import type { Following } from './following.ts';
import type { SeenFile } from './seen-file.ts';

/** One file of a source, as far as following knows it. */
export interface FileProgress {
	/** The log it holds; none if it is empty, refused, or a copy. */
	readonly generation?: number;
	readonly path: string;
	readonly kind: FileKind;
	readonly state: SourceFile['state'];
	/** Why it is not read, or not to its end. */
	readonly message?: string;
	/** Of a compressed log, its unpacked bytes read so far. */
	readonly sizeBytes: number;
	/** Bytes after the last newline: they wait for the rest of their line. */
	readonly heldBytes: number;
}

/** How following a source goes. */
export interface FollowerProgress {
	readonly state: SourceState;
	/** For `missing` and `failed`: what happened and what to do. */
	readonly message?: string;
	/** In no order. Logs whose file is gone for good are not among them. */
	readonly files: readonly FileProgress[];
}

/** Says how it stands now. */
export function progressOf(following: Following, config: SourceConfig): FollowerProgress {
	const files = following.table
		.all()
		.filter(({ copyOf }) => copyOf === undefined)
		.map(fileProgress);
	const lost = following.logs
		.filter((log) => log.file === undefined && !log.isClosed)
		.map(goneProgress);
	return { ...stateOf(following, config), files: [...files, ...lost] };
}

function fileProgress(file: SeenFile): FileProgress {
	const { log, path, kind } = file;
	const message = file.problem ?? file.refusal ?? file.notice;
	return {
		...(log === undefined ? {} : { generation: log.id }),
		path,
		kind,
		state:
			(file.problem ?? file.refusal) !== undefined
				? 'failed'
				: log?.isClosed === true
					? 'complete'
					: 'following',
		...(message === undefined ? {} : { message }),
		sizeBytes: log === undefined ? 0 : sizeOf(log, file),
		heldBytes: log?.reader?.heldBytes ?? 0,
	};
}

function sizeOf(log: FollowedLog, file: SeenFile): number {
	return file.kind === 'plain' && !log.isCut ? Math.max(file.size, log.readEnd) : log.readEnd;
}

function goneProgress(log: FollowedLog): FileProgress {
	const { path, kind } = log.place;
	return {
		generation: log.id,
		path,
		kind,
		state: 'gone',
		sizeBytes: log.readEnd,
		heldBytes: log.reader?.heldBytes ?? 0,
	};
}

/** How the source as a whole is. */
export function stateOf(
	{ table }: Following,
	{ type, path }: SourceConfig,
): { readonly state: SourceState; readonly message?: string } {
	const files = table.all();
	if (table.listing.failure !== undefined) {
		return { state: 'failed', message: table.listing.failure };
	}
	if (type === 'file') {
		const file = table.byPath.get(path);
		const message = table.problems.get(path) ?? file?.problem ?? file?.refusal;
		if (message !== undefined) {
			return { state: 'failed', message };
		}
		if (file === undefined) {
			return { state: 'missing', message: missingMessage(table.wasThere, path) };
		}
	} else if (!files.some(({ isListed }) => isListed)) {
		const where = type === 'folder' ? `There is no log in ${path}` : `No file matches ${path}`;
		return { state: 'missing', message: `${where}. What appears there is read by itself.` };
	}
	const isBehind = files.some((file) => file.log !== undefined && isUnread(file, file.log));
	return { state: isBehind ? 'indexing' : 'following' };
}

function missingMessage(wasThere: boolean, path: string): string {
	return wasThere
		? `${path} is gone. Its entries stay; when it comes back, it is read on.`
		: `There is no file ${path}. Check the name and the folder; if it appears, it is read by itself.`;
}

function isUnread(file: SeenFile, log: FollowedLog): boolean {
	return file.kind === 'plain' ? !log.isCut && file.size > log.readEnd : !log.isClosed;
}
