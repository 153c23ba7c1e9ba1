import { safeStorage } from 'electron';
import type { Keychain } from '../passwords/keychain.ts';

/**
 * Electron's safeStorage. On Linux without a keyring it encrypts with a key that everybody knows
 * (`basic_text`), which counts as not encrypted.
 * https://www.electronjs.org/docs/latest/api/safe-storage
 */
export const systemKeychain: Keychain = {
	isSafe: async () => {
		if (!(await safeStorage.isAsyncEncryptionAvailable())) {
			return false;
		}
		// Only Linux has this method.
		return (
			process.platform !== 'linux' ||
			!['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
		);
	},
	encrypt: (text) => safeStorage.encryptStringAsync(text),
	decrypt: async (bytes) => (await safeStorage.decryptStringAsync(Buffer.from(bytes))).result,
};
