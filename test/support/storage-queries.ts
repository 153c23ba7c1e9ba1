import type { EntryRow } from '#shared/model/entry.ts';
import type { Random } from './entries.ts';
import { patternOf } from '#shared/query/pattern.ts';
import { KEYS, VALUES } from './random-details.ts';
import { randomText } from './random-entries.ts';

/** What a row says that queries are made of. */
interface Sample extends Pick<EntryRow, 'ts' | 'level' | 'logger' | 'message'> {
	readonly task_id?: string | undefined;
}

/** Values of fields of `extra` as they are written in a query. */
const TYPED = [
	...VALUES.map((value) => value.replaceAll('"', '')),
	'bob',
	'B?b',
	'*o*',
	'/^b.b$/i',
	'/[0-9a-f]{8}/',
	'"not found"',
	'api',
	'12',
].filter((value) => /^(?:[\w.+*?-]+|".*"|\/.*\/i?)$/.test(value));

const LEVELS = ['error', 'WARN', 'warning', '>=warn', '<error', '30', 'notice', 'inf*', '/R+/i'];
const STATES = [
	'error',
	'warning',
	'marked',
	'new',
	'late',
	'repeat',
	'quarantined',
	'gap',
	'text',
];
const TIMES = [
	'ts:2026-11-20',
	'ts:2026-11',
	'ts:>2026-11-20T10:19:30',
	'ts:>=-1h',
	'ts:[2026-11-15 TO now]',
	'ts!=2026-11-20T10:19',
	'since:-2d',
	'until:-30m',
	'ts:10:19',
	'ts:*',
];
const EXCEPTIONS = [
	'has:exception',
	'exception:*',
	'exception:ValueError',
	'exception:"no such job"',
	'exception:"line 12"',
	'exception:/jobs\\.(py|go)/',
	'exception:"File"',
	'-has:traceback',
];
const MESSAGES = [
	'job*done',
	'/fail(ed)?/',
	'/STOP/i',
	'/(a+)+$/',
	'/timeout after \\d+ s/',
	'message:"job done"',
	'message=ok',
	'message:/^ok$/',
	'message:j*',
	'abc',
	'""',
	'has:message',
	'has:pattern',
	'pattern:/<n>/',
	'pattern:*ext*',
	'pattern:*<text>*',
	'pattern:"job <n> done"',
	'pattern:/^[^<]*$/',
	'pattern=ok',
];
const NOTES = ['has:note', 'note:*', 'note:*DBA*', 'note="Ask"', 'note!=Ask', '-note:/a/i'];

const ANYWHERE = [
	'*:bob',
	'*:500',
	'*:valueerror',
	'*:nightly',
	'*:/ERR/',
	'*:"job done"',
	'*:api',
	'*:one',
];
const SOURCES = ['source:one', 'source:/t.o/', 'source!=one', '-source:two', 'source:*'];

/** A text in quotes, without what needs an escape that queries do not know. */
function quoted(text: string): string {
	return JSON.stringify(text.replace(/[\n\r\t\0]/g, ' '));
}

/** A path into `extra`: what stands there, or what might. */
function randomField(random: Random): string {
	const keys = Array.from({ length: random.chance(0.7) ? 1 : 2 }, () => {
		const key = random.pick([...KEYS, 'id', 'error', 'name', 'none']);
		return /^[\p{L}_]+$/u.test(key) ? key : JSON.stringify(key);
	});
	const field = keys.join('.');
	return random.chance(0.1) ? `${field}${random.pick(['.*', '[0]', '[*].id'])}` : field;
}

function randomFieldTest(random: Random): string {
	const field = randomField(random);
	const value = () => random.pick(TYPED);
	return random.pick([
		() => `${field}:${value()}`,
		() => `${field}:${value()}`,
		() => `${field}=${value()}`,
		() => `${field}!=${value()}`,
		() =>
			`${field}:${random.pick(['>', '>=', '<', '<='])}${random.pick(['5', '500', '1.5s', '1MB', '-1h', 'ok'])}`,
		() => `${field}:[${random.pick(['1', '1ms', '*'])} TO ${random.pick(['500', '2s', '*'])}]`,
		() => `${field}:(${value()} OR ${value()})`,
		() => `${field}:*`,
		() => `${field}:null`,
		() => `has:${field}`,
	])();
}

function randomColumnTest(random: Random, row: Sample): string {
	return random.pick([
		() => `level:${random.pick(LEVELS)}`,
		() => `level:${quoted(row.level)}`,
		() => `logger:${random.pick([quoted(row.logger), 'asyncz.*', '*', '/k/i'])}`,
		() => `task:${random.pick([quoted(row.task_id ?? ''), 'night*', '*', '007', '/y$/'])}`,
		() => `task_id${random.pick(['=', '!='])}${quoted(row.task_id ?? 'none')}`,
		() => `is:${random.pick(STATES)}`,
		() => random.pick(SOURCES),
		() => random.pick(TIMES),
		() => `ts:>=${row.ts}`,
	])();
}

function randomClause(random: Random, rows: readonly Sample[]): string {
	return random.pick([
		() => randomFieldTest(random),
		() => randomFieldTest(random),
		() => randomColumnTest(random, random.pick(rows)),
		() => randomColumnTest(random, random.pick(rows)),
		() => random.pick(MESSAGES),
		() => random.pick(EXCEPTIONS),
		() => random.pick(NOTES),
		() => `pattern:${quoted(patternOf(random.pick(rows).message))}`,
		() => random.pick(ANYWHERE),
		() => quoted(randomText(random, rows)),
		() => randomText(random, rows).replace(/\0/g, ' '),
	])();
}

/** A query of the whole language, read from the grammar at random. */
export function randomQuery(random: Random, rows: readonly Sample[], depth = 0): string {
	if (depth > 2 || random.chance(0.4)) {
		return `${random.chance(0.2) ? random.pick(['-', 'NOT ', '!']) : ''}${randomClause(random, rows)}`;
	}
	const parts = Array.from({ length: 2 + random.below(2) }, () => {
		const part = randomQuery(random, rows, depth + 1);
		return random.chance(0.4) ? `(${part})` : part;
	});
	const joined = parts.join(random.pick([' ', ' ', ' AND ', ' OR ', ' || ']));
	return random.chance(0.15) ? `NOT (${joined})` : joined;
}
