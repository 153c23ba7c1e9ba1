/** A pipe between the page and its host. It knows nothing of what the messages mean. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

contextBridge.exposeInMainWorld('host', {
	/** Sends one message of plain JSON values. */
	send: (message: unknown): void => ipcRenderer.send('message', message),
	/** Calls back with each message of the host: data only, never Electron's event. */
	onMessage: (listener: (message: unknown) => void): void => {
		ipcRenderer.on('message', (_event, message: unknown) => listener(message));
	},
	/** Calls back when the host says that it listens no more. */
	onClose: (listener: () => void): void => {
		ipcRenderer.on('close', () => listener());
	},
	/** Where a dropped file lies on this machine; empty for what is not a file on disk. */
	pathOf: (file: File): string => webUtils.getPathForFile(file),
});
