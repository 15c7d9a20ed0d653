import { useEffect, useRef } from 'react';
import { Mark } from '../ui/icons.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { LiveKeysDialog } from './keys/live-keys-dialog.tsx';
import { useLiveKeys } from './keys/use-live-keys.ts';
import { LiveBar } from './live-bar.tsx';
import { LiveEmpty } from './live-empty.tsx';
import { LivePanel } from './panel/live-panel.tsx';
import { LiveStage } from './stage/live-stage.tsx';
import { Transport } from './stage/transport.tsx';
import { TimelineBar } from './timeline/timeline-bar.tsx';
import { useLive, useLiveEngine } from './ui/live-context.tsx';
import { useVideoDrop } from './ui/use-video-drop.ts';

/** The whole page; `isClean` leaves everything away but the picture, for programs that record windows. */
export function LivePage({ isClean }: { readonly isClean: boolean }) {
  const engine = useLiveEngine();
  const input = useRef<HTMLInputElement>(null);
  const phase = useLive((state) => state.phase);
  const dialog = useLive((state) => state.dialog);
  const theme = useLive((state) => state.theme);
  const toasts = useLive((state) => state.toasts);
  const dismissToast = useLive((state) => state.dismissToast);
  const isOver = useVideoDrop();
  const pick = () => input.current?.click();
  useLiveKeys(pick);

  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);

  const isEmpty = phase === 'empty';
  return (
    <div className="app live" data-clean={isClean || undefined} data-has-photo={!isEmpty}>
      {!isClean && <LiveBar onPick={pick} />}
      <main className={isEmpty ? 'workspace empty-workspace' : 'workspace'}>
        {isEmpty && <LiveEmpty onPick={pick} isClean={isClean} />}
        <div className="live-column" hidden={isEmpty}>
          <LiveStage />
          {!isClean && <TimelineBar />}
          {!isClean && <Transport />}
        </div>
        {!isEmpty && !isClean && <LivePanel />}
      </main>
      <input
        ref={input}
        id="open-video"
        type="file"
        accept="video/*,.mkv,.mov,.webm,.mp4"
        hidden
        aria-label="Choose a video"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) void engine.openFile(file);
          event.currentTarget.value = '';
        }}
      />
      {isOver && (
        <div className="drop-veil" aria-hidden="true">
          <div>
            <Mark size={72} />
            <p>Drop a video to open it</p>
          </div>
        </div>
      )}
      {dialog === 'keys' && <LiveKeysDialog />}
      <Toasts toasts={toasts} onDismiss={dismissToast} />
    </div>
  );
}
