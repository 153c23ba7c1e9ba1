import type { ExportFormat, ExportRequest, ExportStatus } from '#shared/model/export.ts';
import type { Services } from '../../connection/open-services.ts';
import { exportedText } from '../../lib/export-text.ts';
import type { Notices } from '../notices.svelte.ts';

/** An export that was begun in this window. */
export interface WindowExport {
	readonly id: number;
	/** The name that was proposed for its file. */
	readonly name: string;
	/** The browser takes it; otherwise the engine writes it where the user said. */
	readonly isDownload: boolean;
	/** As it was last told; `undefined` until it is told of. */
	readonly status: ExportStatus | undefined;
}

/** Whether it goes on. */
export function isAtWork({ status }: WindowExport): boolean {
	return status === undefined || status.state === 'waiting' || status.state === 'writing';
}

/** The exports of this window: those at work, and those whose end nobody has looked at yet. */
export class WindowExports {
	/** What is proposed: as it was chosen the last time. */
	lastFormat: ExportFormat = 'jsonl';
	#list: readonly WindowExport[] = $state.raw([]);
	readonly #services: Services;
	readonly #notices: Notices;
	/** The one a dialog shows. */
	#watched: number | undefined;
	/** What the engine told last: an export may have ended before its start is answered. */
	#told: readonly ExportStatus[] = [];

	constructor(services: Services, notices: Notices) {
		this.#services = services;
		this.#notices = notices;
	}

	/** The one begun last comes first. */
	get list(): readonly WindowExport[] {
		return this.#list;
	}

	byId(id: number): WindowExport | undefined {
		return this.#list.find((one) => one.id === id);
	}

	/**
	 * Has it begun, where the host then asks for a place, or as a download. Resolves with its id;
	 * `undefined` if the user thought better of it. Rejects with a sentence where it can't begin.
	 */
	async begin(request: ExportRequest, name: string): Promise<number | undefined> {
		this.lastFormat = request.format;
		const start = await this.#services.host.exportEntries({ request, name });
		if (start.kind === 'cancelled') {
			return undefined;
		}
		const { id, kind } = start;
		const status = this.#told.find((one) => one.id === id);
		this.#list = [{ id, name, isDownload: kind === 'download', status }, ...this.#list];
		if (kind === 'download') {
			fetchFile(start.url, name);
		}
		return id;
	}

	/** Ends it; nothing is left of it then. */
	cancel(id: number): void {
		this.#services.engine.cancelExport({ id }).catch((error: unknown) => {
			this.#notices.error(error);
		});
	}

	/** Has its file shown in the file manager, where the host has one. */
	showFile(id: number): void {
		this.#services.host.showExport({ id }).catch((error: unknown) => {
			this.#notices.error(error);
		});
	}

	/** A dialog shows it. Returns how to end that; what has ended by then is seen. */
	watch(id: number): () => void {
		this.#watched = id;
		return () => {
			this.#watched = undefined;
			const seen = this.byId(id);
			if (seen !== undefined && !isAtWork(seen)) {
				this.dismiss(id);
			}
		};
	}

	/** It has been looked at. */
	dismiss(id: number): void {
		this.#list = this.#list.filter((one) => one.id !== id);
	}

	/** How exports go on, as the engine tells it. */
	told(statuses: readonly ExportStatus[]): void {
		this.#told = statuses;
		const before = this.#list;
		this.#list = before.map((one) => {
			const status = statuses.find(({ id }) => id === one.id);
			return status === undefined ? one : { ...one, status };
		});
		for (const [index, one] of this.#list.entries()) {
			const was = before[index];
			if (was !== undefined && isAtWork(was) && !isAtWork(one) && one.id !== this.#watched) {
				this.#sayEnd(one);
			}
		}
	}

	/** The engine answers again; one that was started anew knows nothing of what the last one did. */
	reconnected(statuses: readonly ExportStatus[]): void {
		this.told(statuses);
		const lost = this.#list.filter(
			(one) => isAtWork(one) && !statuses.some(({ id }) => id === one.id),
		);
		for (const { id, name } of lost) {
			this.dismiss(id);
			this.#notices.error(
				new Error(`${name} was not exported: the log engine was started anew. Export it again.`),
			);
		}
	}

	/** What was written stays in the list, to be looked at. */
	#sayEnd(ended: WindowExport): void {
		const { id, name, status } = ended;
		if (status?.state === 'done') {
			this.#notices.remark(exportedText(name, status));
			return;
		}
		this.dismiss(id);
		if (status?.state === 'failed') {
			this.#notices.error(new Error(status.message ?? `${name} was not exported.`));
		} else {
			this.#notices.remark(`The export of ${name} was cancelled.`);
		}
	}
}

/** Lets the browser save what an address of our own origin gives; the page stays. */
function fetchFile(url: string, name: string): void {
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
}
