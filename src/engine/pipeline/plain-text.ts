import { severityOf, canonicalLevel } from '#shared/model/level.ts';
import { findTextTime } from './text-time.ts';
import { syslogScale } from './formats/levels.ts';

/** What the beginning of a line of plain text says. */
export interface TextColumns {
	/** Microseconds since 1970. */
	readonly ts?: number;
	readonly level: string;
	readonly severity: number;
	readonly logger: string;
	readonly format: 'text' | 'syslog';
}

/** Nothing further into a line is looked at: it belongs to the sentence. */
const BEGINNING = 200;

const LEVEL =
	/^(?:trace|debug|info|information|notice|success|warn|warning|error|err|severe|critical|crit|fatal|panic|alert|emerg|emergency)$/i;

/**
 * Reads time and level from the beginning of a line of text. A level counts where loggers put it:
 * as the first word or behind the time, in capitals, in brackets or before a colon; not as a word
 * of a sentence. A line without one is INFO.
 */
export function readText(line: string, arrival: number): TextColumns {
	const text = line.slice(0, BEGINNING);
	const syslog = readSyslog(text, arrival);
	if (syslog !== undefined) {
		return syslog;
	}
	const klog = /^([IWEF])(\d{4} \d\d:\d\d:\d\d\.\d{1,9})\s/.exec(text);
	const time = findTextTime(klog?.[2] ?? text, arrival);
	const at = {
		...(time === undefined ? {} : { ts: time.ts }),
		logger: '',
		format: 'text',
	} as const;
	if (klog !== null) {
		return { ...at, ...levelOf(KLOG_LEVELS[klog[1] ?? ''] ?? 'INFO') };
	}
	return { ...at, ...levelOf(findLevel(text.slice(time?.end ?? 0), time !== undefined) ?? 'INFO') };
}

const KLOG_LEVELS: Readonly<Record<string, string>> = {
	I: 'INFO',
	W: 'WARNING',
	E: 'ERROR',
	F: 'FATAL',
};

// <34>1 2026-11-22T10:19:47.283Z host app 4242 … and <34>Nov 22 10:21:34 host app[4242]: …
const PRIORITY = /^<(\d{1,3})>(?:\d{1,2} )?/;
const SYSLOG_5424 = /^\S+ (\S+) /;
const SYSLOG_3164 = /^\S+ ([\w./-]+)(?:\[\d+\])?:(?: |$)/;

function readSyslog(text: string, arrival: number): TextColumns | undefined {
	const [prefix = '', priority] = PRIORITY.exec(text) ?? [];
	const time = findTextTime(text.slice(prefix.length), arrival);
	const rest = text.slice(prefix.length + (time?.end ?? 0)).trimStart();
	const isNew = /> ?\d/.test(prefix) && prefix.endsWith(' ');
	const tag = isNew ? SYSLOG_5424.exec(rest)?.[1] : SYSLOG_3164.exec(rest)?.[1];
	if (priority === undefined && !(time?.isSyslog === true && tag !== undefined)) {
		return undefined;
	}
	if (Number(priority ?? 0) > 191) {
		return undefined;
	}
	const level =
		priority === undefined
			? (findLevel(rest.slice(rest.indexOf(':') + 1), true) ?? 'INFO')
			: (syslogScale(Number(priority) % 8) ?? 'INFO');
	return {
		...(time === undefined ? {} : { ts: time.ts }),
		...levelOf(level),
		logger: tag === undefined || tag === '-' ? '' : tag,
		format: 'syslog',
	};
}

function levelOf(name: string): { readonly level: string; readonly severity: number } {
	return { level: canonicalLevel(name), severity: severityOf(name) };
}

/** A group in brackets, a word, or a sign that stands between them. */
const TOKEN =
	/[ \t]*(?:\[([^\][]{0,60})\]|<(\w{1,20})>|\((\w{1,20})\)|([|:-]+)(?=\s|$)|([^\s|[\]]+))/y;

/** So much may stand between the time and the level: a process, a thread, a logger's name. */
const MAX_TOKENS = 6;

function findLevel(text: string, isAfterTime: boolean): string | undefined {
	TOKEN.lastIndex = 0;
	for (let i = 0; i < MAX_TOKENS; i++) {
		const from = TOKEN.lastIndex;
		const token = TOKEN.exec(text);
		if (token === null) {
			return undefined;
		}
		const [, brackets, angles, parentheses, sign, word = ''] = token;
		const group = brackets ?? angles ?? parentheses;
		const next = text.slice(TOKEN.lastIndex);
		const level = group === undefined ? levelWord(word, next, from === 0) : levelInGroup(group);
		if (level !== undefined) {
			return level;
		}
		const mayGoOn =
			group !== undefined || sign !== undefined || (isAfterTime && isName(word, next));
		if (!mayGoOn) {
			return undefined;
		}
	}
	return undefined;
}

/** `[error]`, `[info     ]`. */
function levelInGroup(group: string): string | undefined {
	const word = group.trim();
	return LEVEL.test(word) ? word : undefined;
}

/** `ERROR …`, `error: …`, `ERROR:root:…`, `ERROR/Main`, `level=error`; not the "Error" of a sentence. */
function levelWord(word: string, next: string, isFirst: boolean): string | undefined {
	const pair = /^(?:level|lvl|severity)="?(\w+)/.exec(word)?.[1];
	if (pair !== undefined) {
		return LEVEL.test(pair) ? pair : undefined;
	}
	const [, name = '', sign = ''] = /^([A-Za-z]+)([:/]?)/.exec(word) ?? [];
	const isWhole = name.length === word.length || sign !== '';
	if (!isWhole || !LEVEL.test(name)) {
		return undefined;
	}
	const isMarked = sign === ':' || /^\s*\|/.test(next) || (!isFirst && /^\s+-\s/.test(next));
	return isMarked || name === name.toUpperCase() ? name : undefined;
}

/** What may stand before a level: a number, a logger's dotted name, a word before a sign. */
function isName(word: string, next: string): boolean {
	return (
		/^\d+$/.test(word) ||
		/^\w+(?:[._/:-]+\w+)+:?$/.test(word) ||
		word === 'root' ||
		/^\s*(?:\||-\s)/.test(next) ||
		/^[a-z]+="[^"]*"$/.test(word)
	);
}
