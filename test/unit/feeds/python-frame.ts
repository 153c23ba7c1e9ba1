/** A frame of a record, as Python's SocketHandler sends it (`pickle.dumps(…, 1)`). */
export function frameOf(message: string): Buffer {
	return prefixed(
		Buffer.concat([
			Buffer.from('}('),
			...['msg', message, 'name', 'test', 'levelname', 'INFO', 'levelno'].map(pickledText),
			Buffer.from('K\x14u.', 'latin1'),
		]),
	);
}

/** A frame with its length before it. */
export function prefixed(frame: Buffer): Buffer {
	const prefix = Buffer.alloc(4);
	prefix.writeUInt32BE(frame.length);
	return Buffer.concat([prefix, frame]);
}

function pickledText(value: string): Buffer {
	const bytes = Buffer.from(value);
	const length = Buffer.alloc(4);
	length.writeUInt32LE(bytes.length);
	return Buffer.concat([Buffer.from('X'), length, bytes]);
}
