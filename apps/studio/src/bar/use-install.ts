import { useEffect, useState } from 'react';

/** What Chromium gives a page that may become an app. Other browsers install from their own menus. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

/** Asks the browser to install the studio as an app; nothing where it does not offer that, or once it is done. */
export function useInstall(): (() => void) | undefined {
  const [offer, setOffer] = useState<InstallEvent>();
  useEffect(() => {
    const onOffer = (event: Event) => {
      // The browser's own bar stays away: the button takes its place.
      event.preventDefault();
      setOffer(event as InstallEvent);
    };
    const onDone = () => setOffer(undefined);
    addEventListener('beforeinstallprompt', onOffer);
    addEventListener('appinstalled', onDone);
    return () => {
      removeEventListener('beforeinstallprompt', onOffer);
      removeEventListener('appinstalled', onDone);
    };
  }, []);
  if (offer === undefined) return undefined;
  return () => {
    // An offer can be taken up once; the browser makes a new one where it is declined.
    setOffer(undefined);
    void offer.prompt();
  };
}
