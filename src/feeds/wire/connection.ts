import type { Socket } from 'node:net';
import { messageOf } from '#shared/errors.ts';
import type { FeedStatus } from '#shared/model/feed.ts';
import type { Feed, FeedLink } from '../feed/feed.ts';
import type { FeedRegistry } from '../feed/feed-registry.ts';
import type { MemoryBudget } from '../feed/memory-budget.ts';
import { readFirstBytes } from './first-bytes.ts';
import { FramesIntake } from './frames-intake.ts';
import { formatAck, formatAnswer, MAX_HELLO_BYTES, readFirstLine } from './hello.ts';
import type { Hello } from './hello.ts';
import type { Intake } from './intake.ts';
import { LinesIntake } from './lines-intake.ts';
import { NumberedIntake } from './numbered-intake.ts';

const LF = 0x0a;
const NOTHING = Buffer.alloc(0);

/** A frame or line that is not whole may hold so much even when memory is short. */
const SMALL_BYTES = 64 * 1024;

/** What a connection has to be given. */
export interface ConnectionOptions {
	readonly socket: Socket;
	readonly kind: FeedStatus['kind'];
	readonly peer: string;
	/** For feed.json: `unix`, `tcp`, `pipe`, or the address that was connected to. */
	readonly endpoint: string;
	/** The name of a feed that does not say its own. */
	readonly name: string;
	readonly registry: FeedRegistry;
	readonly budget: MemoryBudget;
	/** Sessions and last lines that our own hello named; for `connect` only. */
	readonly resume?: ReadonlyMap<string, number>;
	/** What the other side of a feed that should not end loses, when it is connected to again. */
	readonly willReturn?: string;
	/** It was refused or could not go on: a sentence without its full stop. */
	readonly onProblem: (reason: string) => void;
	/** It is known whose feed it is. */
	readonly onIdentified?: (feed: Feed) => void;
	/** It is over; called once. */
	readonly onClose: () => void;
}

/**
 * One connection, from its first bytes to its end: finds out what it speaks, whose feed it is, and
 * hands on what it sends.
 */
export class Connection {
	readonly #options: ConnectionOptions;
	readonly #socket: Socket;
	/** What came before it was known what to do with it. */
	#first: Buffer = NOTHING;
	#intake: Intake | undefined;
	#feed: Feed | undefined;
	#link: FeedLink | undefined;
	/** Held bytes that the budget knows of. */
	#counted = 0;
	#failure: string | undefined;
	#acked = 0;
	#toAck = 0;
	/** Nothing more is taken from the socket. */
	#isOver = false;

	constructor(options: ConnectionOptions) {
		this.#options = options;
		const { socket } = options;
		this.#socket = socket;
		socket.on('data', (chunk: Buffer) => this.#take(chunk));
		socket.on('end', () => void this.#ended());
		socket.on('error', (error) => (this.#failure ??= reasonOf(error)));
		socket.on('drain', () => this.#acknowledge());
		socket.on('close', () => this.#closed());
	}

	/** Hangs up. What has come is kept; with a reason, what may be lost by it is written down. */
	close(reason?: string): void {
		this.#finish(reason);
		this.#socket.destroy();
	}

	/** Hangs up for a reason that is reported. */
	refuse(reason: string): void {
		this.#options.onProblem(reason);
		this.close(reason);
	}

	#take(chunk: Buffer): void {
		if (this.#isOver) {
			return;
		}
		if (this.#intake === undefined) {
			this.#first = this.#first.length === 0 ? chunk : Buffer.concat([this.#first, chunk]);
			this.#identify(false);
			this.#count();
			return;
		}
		this.#push(this.#intake, chunk);
	}

	#push(intake: Intake, chunk: Buffer): void {
		intake.push(chunk);
		this.#count();
		if (intake.problem !== undefined) {
			this.refuse(intake.problem.replace(/\.$/, ''));
		} else if (intake.heldBytes > SMALL_BYTES && this.#options.budget.isSpent) {
			this.refuse('There is no memory left for what is not written yet');
		} else if (intake.canWait && this.#feed?.isFull === true) {
			this.#socket.pause();
			this.#feed.whenRoom(() => this.#socket.resume());
		}
	}

	#identify(isEnd: boolean): void {
		try {
			this.#identifyBy(isEnd);
		} catch (error) {
			this.refuse(messageOf(error));
		}
	}

	#identifyBy(isEnd: boolean): void {
		const first = readFirstBytes(this.#first, isEnd);
		switch (first.kind) {
			case 'unknown':
				return;
			case 'refused':
				return this.refuse(first.reason);
			case 'frames':
				return this.#begin((feed) => new FramesIntake(feed), 'socket-handler', 'SocketHandler');
			case 'lines':
				return this.#identifyLines(isEnd);
		}
	}

	#identifyLines(isEnd: boolean): void {
		const end = this.#first.indexOf(LF);
		if (end === -1 && !isEnd && this.#first.length <= MAX_HELLO_BYTES) {
			return;
		}
		const line = readFirstLine(end === -1 ? this.#first : this.#first.subarray(0, end));
		if (line.kind === 'refused') {
			this.refuse(line.reason);
		} else if (line.kind === 'record') {
			this.#begin((feed) => new LinesIntake(feed), 'lines', undefined);
		} else if (line.hello.connect) {
			this.refuse('Another companion connected here: it has to connect to a scheduler');
		} else {
			this.#first = this.#first.subarray(end + 1);
			this.#greet(line.hello);
		}
	}

	#greet(hello: Hello): void {
		if (hello.ack && hello.session !== undefined) {
			this.#beginNumbered(hello, hello.session).catch((error: unknown) => {
				this.refuse(messageOf(error));
			});
		} else {
			this.#begin((feed) => new LinesIntake(feed), 'lines', hello.source);
		}
	}

	#begin(
		makeIntake: (feed: Feed) => Intake,
		protocol: FeedStatus['protocol'],
		name: string | undefined,
	): void {
		const link = this.#makeLink(protocol, undefined);
		const feed = this.#options.registry.connect(name ?? this.#options.name, link);
		this.#feed = feed;
		this.#options.onIdentified?.(feed);
		this.#start(makeIntake(feed));
	}

	async #beginNumbered(hello: Hello, session: string): Promise<void> {
		this.#socket.pause();
		const link = this.#makeLink('acked', session);
		const name = hello.source ?? this.#options.name;
		const feed = await this.#options.registry.connectNumbered(name, link, session);
		this.#feed = feed;
		if (this.#isOver) {
			return feed.disconnect(link, {});
		}
		this.#options.onIdentified?.(feed);
		const last = await feed.writer.lastOf(session);
		if (this.#isOver) {
			return;
		}
		if (hello.next !== undefined && hello.next <= last) {
			return this.refuse(
				`${feed.name} says that its next record is number ${hello.next}, but ${last} of its session are stored: each start of a sender needs a session of its own`,
			);
		}
		const { resume } = this.#options;
		const known = resume === undefined ? last : (resume.get(session) ?? 0);
		const start = Math.max(known + 1, hello.first);
		if (resume === undefined) {
			this.#socket.write(formatAnswer(last));
		}
		this.#acked = last;
		this.#start(new NumberedIntake(feed, { session, start, last }));
		this.#socket.resume();
	}

	#makeLink(protocol: FeedStatus['protocol'], session: string | undefined): FeedLink {
		const { kind, peer, endpoint } = this.#options;
		this.#link = {
			kind,
			protocol,
			peer,
			endpoint,
			session,
			onStored: (last) => {
				this.#toAck = last;
				this.#acknowledge();
			},
			supersede: () => this.close(),
		};
		return this.#link;
	}

	#start(intake: Intake): void {
		this.#intake = intake;
		const first = this.#first;
		this.#first = NOTHING;
		if (first.length > 0) {
			this.#push(intake, first);
		} else {
			this.#count();
		}
	}

	/** Acknowledgements add up: while the other side does not read them, only the last one waits. */
	#acknowledge(): void {
		const { writable, writableLength } = this.#socket;
		if (this.#toAck > this.#acked && writable && writableLength === 0 && this.#intake) {
			this.#acked = this.#toAck;
			this.#socket.write(formatAck(this.#acked));
		}
	}

	/** The other side has closed its end: it may still wait for what it sent to be acknowledged. */
	async #ended(): Promise<void> {
		if (this.#intake === undefined && !this.#isOver) {
			this.#identify(true);
		}
		const session = this.#link?.session;
		if (session !== undefined && !this.#isOver) {
			await this.#feed?.writer.lastOf(session);
		}
		this.#finish(undefined);
		this.#socket.end();
	}

	#closed(): void {
		this.#finish(this.#failure);
		this.#options.onClose();
	}

	#finish(broken: string | undefined): void {
		if (this.#isOver) {
			return;
		}
		this.#isOver = true;
		const { willReturn } = this.#options;
		// One gap for each break: that of a feed we connect to is written when it is there again.
		this.#intake?.end(willReturn === undefined ? broken : undefined);
		this.#first = NOTHING;
		this.#options.budget.add(-this.#counted);
		this.#counted = 0;
		if (this.#link !== undefined) {
			this.#feed?.disconnect(this.#link, {
				...(broken === undefined ? {} : { message: broken }),
				...(willReturn === undefined ? {} : { willReturn }),
			});
		}
	}

	/** Tells the budget how much is held here. */
	#count(): void {
		const held = this.#isOver ? 0 : this.#first.length + (this.#intake?.heldBytes ?? 0);
		this.#options.budget.add(held - this.#counted);
		this.#counted = held;
	}
}

function reasonOf(error: NodeJS.ErrnoException): string {
	switch (error.code) {
		case 'ECONNRESET':
		case 'EPIPE':
			return 'The connection was reset: records on their way may be lost';
		default:
			return `The connection broke (${error.message}): records on their way may be lost`;
	}
}
