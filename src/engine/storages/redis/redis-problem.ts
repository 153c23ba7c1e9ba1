import { AppError, messageOf } from '#shared/errors.ts';
import { withoutPassword } from '#shared/model/storage-address.ts';

/** Where something failed, as sentences name it. */
export interface RedisPlace {
	/** `Redis at localhost:6379`. */
	readonly server: string;
	readonly user: string;
	readonly db: number;
	readonly key: string;
	readonly tls: boolean;
	readonly hasPassword: boolean;
}

/** Where a password is entered and forgotten. */
const WHERE = 'in Settings → Storage → Password';

type Say = (place: RedisPlace, found: RegExpExecArray) => string;

/** What a server answers, and what its clients find on the way to it: the first that fits counts. */
const PROBLEMS: readonly (readonly [RegExp, Say])[] = [
	[
		/^WRONGPASS|^ERR invalid password/,
		({ server, user, hasPassword }) =>
			hasPassword
				? `${server} refuses the password${forUser(user)}: enter it anew ${WHERE}, and check the user in the address.`
				: `${server} wants no such login${forUser(user)}: check the user in the address, and enter its password ${WHERE}.`,
	],
	[
		/^NOAUTH|^ERR operation not permitted/,
		({ server }) => `${server} wants a password: enter it ${WHERE}.`,
	],
	[
		/^ERR (?:Client sent AUTH, but no password is set|AUTH <password> called without any password)/,
		({ server }) =>
			`${server} knows no passwords: leave it away, or forget the one that is kept ${WHERE}.`,
	],
	[
		/^NOPERM(?:.*?'([\w|]+)')?/,
		({ server, user, key }, [, command]) =>
			`${server} does not allow ${command === undefined ? `access to ${key}` : `the command ${command.toUpperCase()}`}${forUser(user)}: let an administrator permit it (ACL SETUSER … ~${key} +@stream +@read), or use another user.`,
	],
	[
		/^DENIED/,
		({ server }) =>
			`${server} runs in protected mode and takes connections of its own machine alone: give it a password (requirepass), or let it listen where it should.`,
	],
	[
		/^OOM/,
		({ server, key }) =>
			`${server} is out of memory (maxmemory) and stores nothing: give it more, or let ${key} keep fewer entries (maxlen in the address).`,
	],
	[
		/^MISCONF/,
		({ server }) =>
			`${server} can't write its snapshot to the disk and stores nothing until it can: look for free space and rights there, and into its log.`,
	],
	[
		/^READONLY/,
		({ server }) =>
			`${server} is a read-only replica: entries can be read there, but stored only at its primary. Use the primary's address.`,
	],
	[
		/^LOADING/,
		({ server }) => `${server} is still loading its data from the disk; this is tried again.`,
	],
	[
		/^BUSY/,
		({ server }) =>
			`${server} is busy with somebody's script and answers nobody; this is tried again.`,
	],
	[
		/^MASTERDOWN|^NOREPLICAS|^CLUSTERDOWN|^TRYAGAIN/,
		({ server }, { input }) =>
			`${server} can't store at the moment, because another server that belongs to it is away (${input}); this is tried again.`,
	],
	[
		/^(?:MOVED|ASK) \d+ (\S+)/,
		({ server, key }, [, other]) =>
			`${server} is part of a cluster, and ${key} is kept by ${other}: use that address.`,
	],
	[
		/^WRONGTYPE/,
		({ server, key }) =>
			`${key} in ${server} is no stream but something else: choose another key (?key=… in the address), or remove it.`,
	],
	[
		/^ERR unknown command/i,
		({ server }, { input }) =>
			`${server} does not know a command that streams need: it is older than Redis 5.0, or the command is switched off there (${input.slice(0, 60)}).`,
	],
	[
		/^ERR (?:DB index|invalid DB index)/,
		({ server, db }) =>
			`${server} has no database ${db}: use a smaller number behind the last / of the address.`,
	],
	[
		/^ERR max number of clients/,
		({ server }) => `${server} has too many clients (maxclients); this is tried again.`,
	],
	[
		/ECONNREFUSED/,
		({ server }) =>
			`${server} can't be reached, nobody listens there: start it, or check host and port.`,
	],
	[
		/ENOTFOUND|EAI_AGAIN|EAI_NONAME/,
		({ server }) => `${server} can't be reached, there is no host of this name: check the address.`,
	],
	[
		/ENOENT/,
		({ server }) =>
			`${server} can't be reached, there is no such socket: start it, or check the path.`,
	],
	[/EACCES/, ({ server }) => `${server} can't be reached, its socket is not open to this user.`],
	[
		/certificate|CERT_|self[- ]signed|UNABLE_TO|ALTNAME|altnames/i,
		({ server }, { input }) =>
			`${server} has a certificate that is not trusted (${input}): let NODE_EXTRA_CA_CERTS name the file of its authority, and use the name that the certificate is for.`,
	],
	[
		/wrong version number|ERR_SSL|EPROTO|secure TLS|tlsv1|sslv3/i,
		({ server, tls }) =>
			tls
				? `${server} does not speak TLS at this port: use redis:// instead of rediss://, or its port for TLS.`
				: `${server} can't be understood: use rediss:// if it speaks TLS.`,
	],
	[
		/timeout|timed out|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/i,
		({ server, tls }) =>
			`${server} can't be reached, it does not answer${tls ? ', or not in TLS' : ''}: check that it runs${tls ? ' and speaks TLS at this port' : ''}, the address, and firewalls between.`,
	],
	[
		/ECONNRESET|EPIPE|closed|offline|Disconnects client/i,
		({ server, tls }) =>
			`${server} ended the connection: it was stopped or restarted${tls ? '' : ', or it speaks TLS alone (rediss://)'}. This is tried again.`,
	],
];

/** What anything that was thrown on the way to a server means for the user. Never has a password. */
export function redisProblem(error: unknown, place: RedisPlace): AppError {
	if (error instanceof AppError) {
		return error;
	}
	const text = errorText(error);
	for (const [pattern, say] of PROBLEMS) {
		const found = pattern.exec(text);
		if (found !== null) {
			return problem(say(place, found), text);
		}
	}
	return problem(`${place.server} failed: ${text}`, text);
}

/** Whether a server said that there is nothing under the key. */
export function isNoKey(error: Error): boolean {
	return typeof error.cause === 'string' && error.cause.startsWith('ERR no such key');
}

function problem(sentence: string, text: string): AppError {
	return new AppError('storage-failed', withoutPassword(sentence), {
		cause: withoutPassword(text),
	});
}

/** Node tries all addresses of a host, and its error has one for each. */
function errorText(error: unknown): string {
	if (error instanceof AggregateError && error.errors.length > 0) {
		return error.errors.map(messageOf).join('; ');
	}
	const code = error instanceof Error && 'code' in error ? String(error.code) : '';
	const message = messageOf(error);
	return code === '' || message.includes(code) ? message : `${message} (${code})`;
}

function forUser(user: string): string {
	return user === '' ? '' : ` for ${user}`;
}
