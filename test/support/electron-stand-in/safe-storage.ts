import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Plays the user's keyring: a folder that outlives the app, as a keyring does. */
const folder = process.env['XDG_RUNTIME_DIR'] ?? '';

function key(): Buffer {
	const path = join(folder, 'keyring');
	if (!existsSync(path)) {
		writeFileSync(path, randomBytes(32));
	}
	return readFileSync(path);
}

/** Plays `safeStorage`: it encrypts. A test that wants no keyring puts a file `no-keyring` there. */
export const safeStorage = {
	isAsyncEncryptionAvailable: async (): Promise<boolean> => true,
	getSelectedStorageBackend: (): string =>
		existsSync(join(folder, 'no-keyring')) ? 'basic_text' : 'gnome_libsecret',
	encryptStringAsync: async (text: string): Promise<Buffer> => {
		const nonce = randomBytes(12);
		const cipher = createCipheriv('aes-256-gcm', key(), nonce);
		const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
		return Buffer.concat([nonce, cipher.getAuthTag(), body]);
	},
	decryptStringAsync: async (
		bytes: Buffer,
	): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }> => {
		const decipher = createDecipheriv('aes-256-gcm', key(), bytes.subarray(0, 12));
		decipher.setAuthTag(bytes.subarray(12, 28));
		const result = decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
		return { result, shouldReEncrypt: false };
	},
};
