/** The keychain of the system, as far as passwords need it. */
export interface Keychain {
	/** Whether it keeps a key that only this user has; to be asked once the app is ready. */
	isSafe(): Promise<boolean>;
	/** Rejects where the keychain refuses. */
	encrypt(text: string): Promise<Uint8Array>;
	/** Rejects where the key is not to be had (any more). */
	decrypt(bytes: Uint8Array): Promise<string>;
}
