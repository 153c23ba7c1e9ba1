import type { ChildProcess } from 'node:child_process';
import type { Channel } from '#shared/rpc/channel.ts';

/** A channel to a forked process; what is sent to one that has gone is nobody's. */
export function childChannel(child: ChildProcess): Channel {
	return {
		send: (message) => {
			if (child.connected) {
				child.send(message as object, () => {});
			}
		},
		onMessage: (listener) => {
			child.on('message', listener);
			return () => child.off('message', listener);
		},
		onClose: (listener) => {
			child.once('exit', listener);
			return () => child.off('exit', listener);
		},
	};
}
