import { ipcMain } from 'electron';
import type { IpcMainEvent, WebContents } from 'electron';
import type { Channel } from '#shared/rpc/channel.ts';
import { isAppUrl } from './app-protocol.ts';

const MAX_MESSAGE_LENGTH = 1024 * 1024;

/**
 * A channel to the page in one window. It lives as long as the window: a page that was reloaded
 * goes on with it, and answers meant for the one before find nobody. Only messages of plain JSON
 * values, of at most 1 MiB, from the window's main frame and this app's origin get through.
 */
export function createWindowChannel(contents: WebContents): Channel {
	return {
		send: (message) => {
			if (!contents.isDestroyed()) {
				contents.send('message', message);
			}
		},
		onMessage: (listener) => {
			const receive = (event: IpcMainEvent, message: unknown): void => {
				if (event.sender === contents && isOwnPage(event)) {
					const json = toJson(message);
					if (json !== undefined && json.length <= MAX_MESSAGE_LENGTH) {
						listener(JSON.parse(json));
					}
				}
			};
			ipcMain.on('message', receive);
			return () => ipcMain.off('message', receive);
		},
		onClose: (listener) => {
			if (contents.isDestroyed()) {
				listener();
				return () => {};
			}
			contents.once('destroyed', listener);
			return () => contents.off('destroyed', listener);
		},
	};
}

function isOwnPage({ sender, senderFrame }: IpcMainEvent): boolean {
	return senderFrame !== null && senderFrame === sender.mainFrame && isAppUrl(senderFrame.url);
}

function toJson(message: unknown): string | undefined {
	try {
		return JSON.stringify(message);
	} catch {
		return undefined; // cycles, big integers: nothing our own page sends
	}
}
