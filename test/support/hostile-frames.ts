/** A frame that somebody sent to do harm, and what has to become of it. */
export interface HostileFrame {
	readonly name: string;
	readonly frame: Buffer;
	/** The reason of its refusal; without one it becomes a line. */
	readonly refused?: RegExp;
	/** What the line has in it. */
	readonly shows?: string;
}

const ascii = (...parts: readonly (string | readonly number[])[]): Buffer =>
	Buffer.concat(
		parts.map((part) =>
			typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
		),
	);

const text = (value: string): Buffer => {
	const prefix = Buffer.alloc(5, 'X');
	prefix.writeUInt32LE(Buffer.byteLength(value), 1);
	return Buffer.concat([prefix, Buffer.from(value)]);
};

const little = (value: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
};

const repeated = (part: string | Buffer, times: number): Buffer =>
	Buffer.alloc(part.length * times, part);

/** A record whose `v` is what these bytes push. */
function recordWith(value: Buffer): Buffer {
	return Buffer.concat([
		ascii('}('),
		text('msg'),
		text('hello'),
		text('levelno'),
		ascii('K', [20]),
		text('v'),
		value,
		ascii('u.'),
	]);
}

/** Each of these would run the command if Python loaded it. */
export function executingFrames(command: string): readonly HostileFrame[] {
	const argument = text(command);
	const calls: Readonly<Record<string, Buffer>> = {
		'a call of os.system': Buffer.concat([ascii('cos\nsystem\n('), argument, ascii('tR')]),
		'a call by a name from the stack': Buffer.concat([
			ascii([0x8c, 2], 'os', [0x8c, 6], 'system', [0x93]),
			argument,
			ascii([0x85], 'R'),
		]),
		'an instance by INST': Buffer.concat([ascii('('), argument, ascii('ios\nsystem\n')]),
		'an instance by OBJ': Buffer.concat([ascii('(cos\nsystem\n'), argument, ascii('o')]),
		'a new object': Buffer.concat([ascii('csubprocess\nPopen\n('), argument, ascii('t', [0x81])]),
		'a new object with keywords': Buffer.concat([
			ascii('csubprocess\nPopen\n('),
			argument,
			ascii('t}', [0x92]),
		]),
		'a state for a module': Buffer.concat([
			ascii('cimportlib\nimport_module\n('),
			text('os'),
			ascii('tR}('),
			text('system'),
			argument,
			ascii('ub'),
		]),
		'a call of what a call gave': Buffer.concat([
			ascii('cbuiltins\ngetattr\n(cos\nos\n'),
			text('system'),
			ascii('tR('),
			argument,
			ascii('tR'),
		]),
	};
	return Object.entries(calls).map(([name, call]) => ({
		name,
		frame: recordWith(call),
		shows: JSON.stringify(command),
	}));
}

/** Memo doubling: each list holds the one before it twice. */
function doublings(levels: number): Buffer {
	const parts = [ascii(']q', [0])];
	for (let level = 1; level < levels; level++) {
		parts.push(ascii('0]q', [level], 'h', [level - 1], 'ah', [level - 1], 'a'));
	}
	return Buffer.concat(parts);
}

/** A dict as the key of a dict, and so on: each level doubles the backslashes. */
function nestedKeys(levels: number): Buffer {
	return Buffer.concat([repeated('}', levels), repeated('Ns', levels - 1)]);
}

const MEBIBYTE = 'x'.repeat(2 ** 20);

/** What asks for memory or time, or is no pickle. */
export function hostileFrames(): readonly HostileFrame[] {
	return [
		{ name: 'nothing', frame: Buffer.alloc(0), refused: /ends in the middle/ },
		{ name: 'a text of 2 GB', frame: ascii('X', [255, 255, 255, 127], 'ab.'), refused: /longer/ },
		{
			name: 'a text of 2^64 bytes',
			frame: ascii(
				[0x8d],
				Array.from({ length: 8 }, () => 255),
				'a.',
			),
			refused: /ends in the middle/,
		},
		{
			name: 'a Python 2 text of negative length',
			frame: ascii('T', [255, 255, 255, 255], 'a.'),
			refused: /ends in the middle/,
		},
		{
			name: 'bytes of 2^63',
			frame: ascii([0x8e, 0, 0, 0, 0, 0, 0, 0, 128], '.'),
			refused: /ends in the middle/,
		},
		{
			name: 'a protocol frame of 2^64 bytes',
			frame: ascii(
				[0x80, 4, 0x95],
				Array.from({ length: 8 }, () => 255),
				'.',
			),
			refused: /ends in the middle/,
		},
		{ name: 'protocol 200', frame: ascii([0x80, 200], 'N.'), refused: /protocol 200/ },
		{ name: 'no end', frame: ascii('}'), refused: /ends in the middle/ },
		{ name: 'two values', frame: ascii('NN.'), refused: /before its value is whole/ },
		{ name: 'an open mark', frame: ascii('N(.'), refused: /before its value is whole/ },
		{ name: 'an empty stack', frame: ascii('s.'), refused: /takes a value where there is none/ },
		{ name: 'no mark', frame: ascii('Nt.'), refused: /takes a value where there is none/ },
		{ name: 'a value of nobody', frame: ascii('h', [5], '.'), refused: /refers to a value 5/ },
		{ name: 'a memo of 2^31', frame: ascii('Nr', [255, 255, 255, 127], '.'), refused: /remembers/ },
		{ name: 'a memo below 0', frame: ascii('Np-1\n.'), refused: /remembers/ },
		{ name: 'a key alone', frame: ascii('}(Nu.'), refused: /key without a value/ },
		{ name: 'an item of a number', frame: ascii('K', [1], 'NNs.'), refused: /no dict/ },
		{ name: 'an element of a number', frame: ascii('K', [1], 'Na.'), refused: /no list/ },
		{ name: 'a state of a number', frame: ascii('K', [1], 'Nb.'), refused: /no object/ },
		{ name: 'a call of a number', frame: ascii('K', [1], ')R.'), refused: /nothing to call/ },
		{
			name: 'arguments that are a number',
			frame: ascii('cos\na\nK', [1], 'R.'),
			refused: /no tuple/,
		},
		{ name: 'a name of numbers', frame: ascii('NN', [0x93], '.'), refused: /no text/ },
		{ name: 'an object of a number', frame: ascii('N)', [0x81], '.'), refused: /no name/ },
		{ name: 'a text as an integer', frame: ascii('Ifoo\n.'), refused: /than digits/ },
		{ name: 'a word as a float', frame: ascii('Ffoo\n.'), refused: /no number/ },
		{ name: 'a string without quotes', frame: ascii('Sfoo\n.'), refused: /no quotes/ },
		{ name: 'a persistent id', frame: ascii('Pfoo\n.'), refused: /PERSID.*only the sender has/ },
		{ name: 'a persistent id by value', frame: ascii('NQ.'), refused: /BINPERSID.*byte 1/ },
		{ name: 'extension 1', frame: ascii([0x82, 1], '.'), refused: /EXT1.*registry/ },
		{ name: 'extension 2', frame: ascii([0x83, 1, 0], '.'), refused: /EXT2.*registry/ },
		{ name: 'extension 4', frame: ascii([0x84, 1, 0, 0, 0], '.'), refused: /EXT4.*registry/ },
		{ name: 'a buffer elsewhere', frame: ascii([0x97], '.'), refused: /NEXT_BUFFER.*not in/ },
		{ name: 'a buffer made read-only', frame: ascii('N', [0x98], '.'), refused: /READONLY_BUFFER/ },
		{ name: 'DUP', frame: ascii('N2.'), refused: /DUP/ },
		{ name: 'an unknown opcode', frame: ascii([0xff], '.'), refused: /0xff is no opcode/ },
		{
			name: 'a million digits',
			frame: Buffer.concat([ascii('L'), repeated('9', 1_000_000), ascii('L\n.')]),
			refused: /4,300 digits/,
		},
		{
			name: 'an integer of a million bytes',
			frame: Buffer.concat([
				ascii([0x8b]),
				little(1_000_000),
				Buffer.alloc(1_000_000, 1),
				ascii('.'),
			]),
			refused: /4,300 digits/,
		},
		{ name: '200,000 marks', frame: ascii('('.repeat(200_000), '.'), refused: /waiting/ },
		{ name: '200,000 values', frame: ascii(']'.repeat(200_000), '.'), refused: /waiting/ },
		{ name: 'opcodes without end', frame: repeated('N0', 2 ** 23 - 1), refused: /500,000 opcodes/ },
		{ name: 'dicts without end', frame: repeated('}0', 2 ** 23 - 1), refused: /500,000 opcodes/ },
		{
			name: 'a million remembered values',
			frame: repeated(ascii(']', [0x94], '0'), 1_000_000),
			refused: /remembers more than 100,000/,
		},
		{
			name: 'a list of itself',
			frame: recordWith(ascii(']q', [0], 'h', [0], 'a')),
			shows: '["…"]',
		},
		{
			name: 'a dict of itself',
			frame: recordWith(ascii('}q', [0], 'Nh', [0], 's')),
			shows: '{"null": "…"}',
		},
		{
			name: 'an ordered dict of itself',
			frame: recordWith(ascii('ccollections\nOrderedDict\n)Rq', [0], 'Nh', [0], 's')),
			shows: '{"null": "…"}',
		},
		{
			name: 'an object that is its own state',
			frame: recordWith(ascii('capp\nJob\n)Rq', [0], 'h', [0], 'b')),
			shows: '{"$py": "app.Job", "state": "…"}',
		},
		{
			name: '100,000 lists in each other',
			frame: recordWith(ascii(']'.repeat(90_000), 'a'.repeat(89_999))),
			shows: `${'['.repeat(100)}"…"`,
		},
		{
			name: '100,000 calls of what a call gave',
			frame: recordWith(ascii('cos\nsystem\n', ')R'.repeat(100_000))),
			shows: '{"$py": {"$py": {"$py":',
		},
		{ name: 'a billion values', frame: recordWith(doublings(40)), refused: /100,000 values/ },
		{
			name: 'a terabyte of text',
			frame: recordWith(
				Buffer.concat([
					ascii('('),
					text(MEBIBYTE),
					ascii('q', [0]),
					repeated(ascii('h', [0]), 90_000),
					ascii('t'),
				]),
			),
			refused: /33,554,432 characters/,
		},
		{
			name: 'a terabyte of bytes',
			frame: recordWith(
				Buffer.concat([
					ascii('(c_codecs\nencode\n('),
					text(MEBIBYTE),
					text('latin1'),
					ascii('tRq', [0]),
					repeated(ascii('h', [0]), 90_000),
					ascii('t'),
				]),
			),
			refused: /33,554,432 characters/,
		},
		{
			name: 'a zone with 90,000 arguments for each of 40,000 times',
			frame: recordWith(
				Buffer.concat([
					ascii('(capp\nZone\n('),
					repeated('N', 90_000),
					ascii('tRq\x000cdatetime\ntime\nq\x010(C\x06\x01\x02\x03\x00\x00\x00h\x00tq\x020'),
					repeated(ascii('h', [1], 'h', [2], 'R'), 40_000),
					ascii('t'),
				]),
			),
			shows: '"01:02:03[app.Zone]", "01:02:03[app.Zone]"',
		},
		{ name: 'keys in keys', frame: recordWith(nestedKeys(90)), refused: /33,554,432 characters/ },
		{
			name: 'a prototype',
			frame: recordWith(
				Buffer.concat([
					ascii('}'),
					text('__proto__'),
					ascii('}'),
					text('polluted'),
					ascii('K', [1], 'ss'),
				]),
			),
			shows: '{"__proto__": {"polluted": 1}}',
		},
		{
			name: 'keys that Python refuses',
			frame: recordWith(ascii('}G', [0x7f, 0xf8, 0, 0, 0, 0, 0, 0], 'K', [1], 's]K', [2], 's')),
			shows: '{"NaN": 1, "[]": 2}',
		},
	];
}
