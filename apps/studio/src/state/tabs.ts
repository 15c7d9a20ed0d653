/** `changed`: something of the library is another way now. `active`: somebody does something in a tab. */
export type News = 'changed' | 'active';

/** Tabs of one browser tell each other; none hears itself. */
export interface Tabs {
  readonly tell: (news: News) => void;
  /** Gives what ends it. */
  readonly listen: (hear: (news: News) => void) => () => void;
}

export function openTabs(): Tabs {
  const channel = new BroadcastChannel('focal-library');
  return {
    tell: (news) => channel.postMessage(news),
    listen(hear) {
      const onMessage = ({ data }: MessageEvent<News>) => hear(data);
      channel.addEventListener('message', onMessage);
      return () => channel.removeEventListener('message', onMessage);
    },
  };
}
