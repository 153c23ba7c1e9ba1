/** Stops what was started; calling it twice does no harm. */
export type Unsubscribe = () => void;

/** A two-way pipe of messages between two processes. It knows nothing of what they mean. */
export interface Channel {
	send(message: unknown): void;
	onMessage(listener: (message: unknown) => void): Unsubscribe;
	/** Called once when no more messages can come or go; at once if that is so already. */
	onClose(listener: () => void): Unsubscribe;
}

/**
 * One of several services on one channel: messages are tagged with its name, and those of the
 * others are not seen. Both ends use the same name.
 */
export function subChannel(channel: Channel, service: string): Channel {
	return {
		send: (body) => channel.send({ service, body }),
		onMessage: (listener) =>
			channel.onMessage((message) => {
				if (isTagged(message) && message.service === service) {
					listener(message.body);
				}
			}),
		onClose: (listener) => channel.onClose(listener),
	};
}

function isTagged(
	message: unknown,
): message is { readonly service: unknown; readonly body: unknown } {
	return (
		typeof message === 'object' && message !== null && 'service' in message && 'body' in message
	);
}
