const MAX_LENGTH = 8_192;

/** Reads a stream to its end and keeps the last 8,192 characters; the function returned gives them. */
export function keepTail(stream: NodeJS.ReadableStream | null): () => string {
	let tail = '';
	stream?.setEncoding('utf8');
	stream?.on('data', (text: Buffer | string) => {
		tail = (tail + text.toString()).slice(-MAX_LENGTH);
	});
	return () => tail;
}
