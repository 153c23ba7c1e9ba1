import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ExportControl, ExportPiece } from '#shared/api/control.ts';
import type { EngineApi } from '#shared/api/engine.ts';
import { messageOf } from '#shared/errors.ts';
import { safeFileName } from '#shared/model/export.ts';
import type { ExportRequest } from '#shared/model/export.ts';

/** Where downloads are fetched from; a ticket stands behind it. */
export const DOWNLOAD_PATH = '/export/';

/** A page fetches what it has asked for at once: a ticket that is not used is not needed. */
const TICKET_MS = 60_000;

/** More than anyone waits for at a time. */
const MAX_TICKETS = 16;

interface Offer {
	readonly id: number;
	readonly name: string;
	readonly timer: NodeJS.Timeout;
}

/**
 * Exports that browsers fetch. A page that has the token asks for one and gets a ticket for a single
 * use: the token itself never stands in an address, which histories and logs keep.
 */
export class Downloads {
	readonly #exports: Pick<ExportControl, 'openExport' | 'readExport'>;
	readonly #api: Pick<EngineApi, 'cancelExport'>;
	readonly #ticketMs: number;
	/** By ticket, the oldest first. */
	readonly #offers = new Map<string, Offer>();

	constructor(
		exports: Pick<ExportControl, 'openExport' | 'readExport'>,
		api: Pick<EngineApi, 'cancelExport'>,
		ticketMs = TICKET_MS,
	) {
		this.#exports = exports;
		this.#api = api;
		this.#ticketMs = ticketMs;
	}

	/** Begins an export; its address is good for one use within a minute. */
	async offer(
		request: ExportRequest,
		name: string,
	): Promise<{ readonly id: number; readonly url: string }> {
		const { id } = await this.#exports.openExport({ request });
		const ticket = randomBytes(32).toString('base64url');
		const timer = setTimeout(() => this.#drop(ticket), this.#ticketMs);
		timer.unref();
		this.#offers.set(ticket, { id, name: safeFileName(name), timer });
		for (const oldest of this.#offers.keys()) {
			if (this.#offers.size <= MAX_TICKETS) {
				break;
			}
			this.#drop(oldest);
		}
		return { id, url: DOWNLOAD_PATH + ticket };
	}

	/**
	 * Sends what a ticket is for, as fast as the browser takes it; false if it is for nothing, or was
	 * used. A browser that goes away cancels the export.
	 */
	async send(
		ticket: string,
		response: ServerResponse,
		headers: Readonly<Record<string, string>>,
	): Promise<boolean> {
		const offer = this.#offers.get(ticket);
		if (offer === undefined) {
			return false;
		}
		clearTimeout(offer.timer);
		this.#offers.delete(ticket);
		const { id, name } = offer;
		const cancel = (): void => void this.#api.cancelExport({ id }).catch(() => {});
		response.on('close', cancel);
		let piece: ExportPiece;
		try {
			// Whatever keeps it from beginning can still be said.
			piece = await this.#exports.readExport({ id });
		} catch (error) {
			const text = `${messageOf(error)}\n`;
			response.writeHead(500, { ...headers, 'Content-Type': 'text/plain; charset=utf-8' });
			response.end(text);
			return true;
		}
		response.writeHead(200, {
			...headers,
			// Nothing that a browser would show: a log may have anything in it.
			'Content-Type': 'application/octet-stream',
			'Content-Disposition': disposition(name),
		});
		try {
			while (piece.bytes !== undefined && !response.destroyed) {
				if (!response.write(piece.bytes)) {
					await drained(response);
				}
				piece = await this.#exports.readExport({ id });
			}
			response.end();
		} catch {
			response.destroy(); // an end in the middle: the browser says that it failed
		}
		return true;
	}

	#drop(ticket: string): void {
		const offer = this.#offers.get(ticket);
		if (offer !== undefined) {
			clearTimeout(offer.timer);
			this.#offers.delete(ticket);
			void this.#api.cancelExport({ id: offer.id }).catch(() => {}); // the engine may be gone
		}
	}
}

/** Resolves when more can be written, or nobody takes it any more; leaves no listener behind. */
async function drained(response: ServerResponse): Promise<void> {
	const waiting = new AbortController();
	const { signal } = waiting;
	try {
		await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
	} finally {
		waiting.abort();
	}
}

/** Says that it is to be saved, and under which name (RFC 6266): once in ASCII, once as it is. */
function disposition(name: string): string {
	const ascii = name.replaceAll(/[^\w.-]/g, '_');
	const encoded = encodeURIComponent(name).replaceAll(
		/['()*]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
	);
	return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
