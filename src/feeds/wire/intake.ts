/** Makes records of what a connection sends, once it is known what it speaks. */
export interface Intake {
	/** Its sender waits when it is asked to: then nothing is lost by not reading on. */
	readonly canWait: boolean;
	/** Bytes that are held until the rest of their record comes. */
	readonly heldBytes: number;
	/** Why nothing more can be read of this connection. */
	readonly problem: string | undefined;
	/** Takes the next bytes. */
	push(chunk: Buffer): void;
	/** No more will come: the other side has closed its end, or `broken` says what happened. */
	end(broken: string | undefined): void;
}
