import { AppError, messageOf } from '#shared/errors.ts';
import { withoutPassword } from '#shared/model/storage-address.ts';
import type { StorageAddress } from '#shared/model/storage-address.ts';

type PostgresAddress = StorageAddress & { readonly kind: 'postgres' };

/** The table, or a column of it, is not there any more. */
const GONE: ReadonlySet<string> = new Set(['42P01', '42703']);

/** `postgresError` remembers why, for those who can do something about it. */
export class PostgresError extends AppError {
	/** PostgreSQL's five characters or Node's code; empty if it has none. */
	readonly reason: string;

	constructor(reason: string, message: string) {
		super(GONE.has(reason) ? 'storage-changed' : 'storage-failed', message);
		this.reason = reason;
	}
}

/** Whether a statement was ended because it took too long, or nobody waited for it. */
export function isTooSlow(error: unknown): boolean {
	return error instanceof PostgresError && (error.reason === '57014' || error.reason === 'slow');
}

/** For a statement that was not begun with, because nobody waits for it any more. */
export function cancelledError(): PostgresError {
	return new PostgresError('57014', 'Nobody waits for this answer any more.');
}

/** Whether nothing more can be sent over a connection after this. */
export function isConnectionLost(error: unknown): boolean {
	const code = codeOf(error);
	return (
		!(error instanceof AppError) &&
		(/^(?:08|57P0)/.test(code) || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('E'))
	);
}

/** Whether a server has no TLS for us, or wants none. */
export function noTls(error: unknown): boolean {
	const text = messageOf(error);
	return (
		/does not support SSL/i.test(text) ||
		(codeOf(error) === '28000' && /SSL (?:on|encryption)/.test(text))
	);
}

/** What went wrong as a sentence: what failed, on what, what to do. Never with a password. */
export function postgresError(error: unknown, address: PostgresAddress): AppError {
	if (error instanceof AppError) {
		return error;
	}
	const code = codeOf(error);
	return new PostgresError(
		/Query read timeout/.test(messageOf(error)) ? 'slow' : code,
		withoutPassword(sentenceOf(code, messageOf(error), address)),
	);
}

function codeOf(error: unknown): string {
	if (error instanceof AggregateError) {
		return codeOf(error.errors[0]);
	}
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function sentenceOf(code: string, text: string, address: PostgresAddress): string {
	const { host, port, user, database, table } = address;
	const place = host.startsWith('/') ? host : `${host}:${port}`;
	const who = user === '' ? 'this user' : `user ${user}`;
	switch (code) {
		case 'ECONNREFUSED':
		case 'ENOENT':
			return `No PostgreSQL answers at ${place}. Start it, or correct the host and the port.`;
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return `The host ${host} is not known. Correct its name, or look at the network.`;
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
		case 'ETIMEDOUT':
			return `PostgreSQL at ${place} can't be reached. Look at the network and the firewall.`;
		case '28P01':
			return `PostgreSQL at ${place} refused the password of ${who}. Enter it anew in Settings → Storage → Password.`;
		case '28000':
			return /no pg_hba.conf entry/.test(text)
				? `PostgreSQL at ${place} does not let ${who} into the database ${database} from here${/no encryption/.test(text) ? ' without TLS: try sslmode=require' : ''}. Its administrator allows it in pg_hba.conf.`
				: `PostgreSQL at ${place} does not let ${who} in: ${text}. Correct the user, or ask its administrator.`;
		case '3D000':
			return `PostgreSQL at ${place} has no database ${database}. Create it, or correct the name.`;
		case '42501':
			return `PostgreSQL at ${place}: ${who} may not do that with ${table} (${text}). Its owner grants SELECT and INSERT.`;
		case '42P01':
		case '42703':
			return `PostgreSQL at ${place}: the table ${table} is not as it was (${text}). It is opened again.`;
		case '53300':
			return `PostgreSQL at ${place} has no connection left. Close others, or raise its max_connections.`;
		case '53100':
			return `The disk of PostgreSQL at ${place} is full. Make room there: entries wait here until then.`;
		case '53200':
			return `PostgreSQL at ${place} ran out of memory. Entries wait here and are offered again.`;
		case '25006':
			return `PostgreSQL at ${place} only reads at the moment (a standby?). Name the server that is written to.`;
		case '57P03':
			return `PostgreSQL at ${place} is starting or stopping. It is tried again.`;
		case '57P01':
		case '57P02':
			return `PostgreSQL at ${place} was stopped. It is tried again once it is back.`;
		case '57014':
			return `PostgreSQL at ${place} took too long to answer. Ask for less, or look at what else it does.`;
		case '55P03':
			return `PostgreSQL at ${place}: something else holds ${table} locked. It is tried again.`;
		case '22P05':
			return `The database ${database} at ${place} can't hold a character of this entry. Use a database with the encoding UTF8.`;
		case '22P02':
		case '22003':
		case '22007':
		case '428C9':
		case '0A000':
			return `PostgreSQL at ${place}: ${table} refuses an entry (${text}). Its owner changes that column, or name another table.`;
		case '23502':
		case '23514':
		case '23505':
		case '23503':
			return `PostgreSQL at ${place}: ${table} refuses an entry (${text}). Its owner ${/no partition/.test(text) ? 'makes a partition for it, perhaps a DEFAULT one' : 'drops that constraint'}, or name another table.`;
		default:
			return otherSentence(code, text, place, who);
	}
}

function otherSentence(code: string, text: string, place: string, who: string): string {
	if (/does not support SSL/i.test(text)) {
		return `PostgreSQL at ${place} has no TLS. Use sslmode=prefer or disable, or set TLS up there.`;
	}
	if (/certificate|ERR_TLS|SELF_SIGNED|UNABLE_TO/i.test(`${text} ${code}`)) {
		return `The certificate of PostgreSQL at ${place} is not trusted (${text}). Install its authority, or use sslmode=require to do without the check.`;
	}
	if (/password must be a string|no password/i.test(text)) {
		return `PostgreSQL at ${place} wants a password for ${who}. Enter it in Settings → Storage → Password.`;
	}
	if (/Query read timeout|timeout expired|timeout exceeded/i.test(text)) {
		return `PostgreSQL at ${place} does not answer in time. Look at the network and at what else it does.`;
	}
	if (
		code.startsWith('08') ||
		/Connection terminated|ECONNRESET|EPIPE|socket/i.test(`${text} ${code}`)
	) {
		return `The connection to PostgreSQL at ${place} was lost. It is tried again.`;
	}
	return `PostgreSQL at ${place}: ${text}.`;
}
