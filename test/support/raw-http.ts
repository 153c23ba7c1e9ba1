import { connect } from 'node:net';

/** A raw answer: the status, the headers in lower case, the body. */
export interface RawAnswer {
	readonly status: number | undefined;
	readonly headers: ReadonlyMap<string, string>;
	readonly body: string;
}

/**
 * Sends bytes to a port as they are and reads what comes back until the other end closes, or until
 * the headers are there if it switches protocols. A connection closed without an answer has no status.
 */
export function sendRaw(port: number, bytes: string | Uint8Array): Promise<RawAnswer> {
	return new Promise((resolve, reject) => {
		let text = '';
		const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
		const finish = (): void => {
			socket.destroy();
			resolve(parse(text));
		};
		socket.setEncoding('latin1').on('data', (chunk: string) => {
			text += chunk;
			if (text.startsWith('HTTP/1.1 101') && text.includes('\r\n\r\n')) {
				finish();
			}
		});
		socket.on('close', finish);
		socket.on('error', (error: NodeJS.ErrnoException) => {
			// Refusing by closing on what was still being written is an answer too.
			if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
				finish();
			} else {
				reject(error);
			}
		});
	});
}

/** A request of these lines that asks the server to close afterwards. */
export function request(firstLine: string, headers: Readonly<Record<string, string>> = {}): string {
	const lines = Object.entries({ ...headers, Connection: headers['Connection'] ?? 'close' });
	return `${firstLine} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** A request for a WebSocket. */
export function upgradeRequest(path: string, headers: Readonly<Record<string, string>>): string {
	return request(`GET ${path}`, {
		Connection: 'Upgrade',
		Upgrade: 'websocket',
		'Sec-WebSocket-Version': '13',
		'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
		...headers,
	});
}

function parse(text: string): RawAnswer {
	const [head = '', ...body] = text.split('\r\n\r\n');
	const [statusLine = '', ...lines] = head.split('\r\n');
	const status = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1];
	return {
		status: status === undefined ? undefined : Number(status),
		headers: new Map(
			lines.map((line) => {
				const [name = '', value = ''] = line.split(/:(.*)/s);
				return [name.toLowerCase(), value.trim()];
			}),
		),
		body: body.join('\r\n\r\n'),
	};
}
