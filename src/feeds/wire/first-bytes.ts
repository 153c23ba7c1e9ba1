/** What the first bytes of a connection say that it is. */
export type FirstBytes =
	| { readonly kind: 'unknown' }
	| { readonly kind: 'frames' }
	| { readonly kind: 'lines' }
	| { readonly kind: 'refused'; readonly reason: string };

/** A web page can send these to any port of this machine. */
const HTTP_VERBS = ['GET ', 'POST', 'PUT ', 'HEAD', 'OPTI', 'DELE', 'PATC', 'CONN', 'TRAC', 'PRI '];

/** Control characters that text begins with: tab, line ends, and the escape of coloured logs. */
const TEXT_CONTROLS = new Set([0x09, 0x0a, 0x0d, 0x1b]);

const DECIDING_BYTES = 4;

/**
 * Tells text from Python's frames and from what is neither, by up to four bytes. `isEnd`: there
 * will be no more of them.
 */
export function readFirstBytes(bytes: Buffer, isEnd: boolean): FirstBytes {
	const first = bytes[0];
	if (first === undefined) {
		return { kind: 'unknown' };
	}
	if (first === 0) {
		return { kind: 'frames' };
	}
	if (first === 0x16) {
		return refused('A TLS connection was refused: feeds come in plain');
	}
	if (first < 0x20 && !TEXT_CONTROLS.has(first)) {
		return refused(
			'A connection was refused that began neither with text nor with a frame of Python',
		);
	}
	const start = bytes.toString('latin1', 0, DECIDING_BYTES);
	if (HTTP_VERBS.includes(start)) {
		return refused('An HTTP request was refused');
	}
	if (start === 'HTTP') {
		return refused('A web server answers there, which is no feed');
	}
	const isOpen =
		!isEnd &&
		start.length < DECIDING_BYTES &&
		['HTTP', ...HTTP_VERBS].some((verb) => verb.startsWith(start));
	return { kind: isOpen ? 'unknown' : 'lines' };
}

function refused(reason: string): FirstBytes {
	return { kind: 'refused', reason };
}
