import { useEffect, useState } from 'react';
import type { BrowserModel, Place } from '../state/types.ts';
import { useEngine, useStudio } from '../ui/context.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { type BrowserModelInfo, browserModels } from './models.ts';

/** The choice of where the subject is found; what it costs is said before it is taken. */
export function PlaceDialog({ proposed }: { readonly proposed?: Place }) {
  const engine = useEngine();
  const openDialog = useStudio((state) => state.openDialog);
  const current = useStudio((state) => state.place);
  const currentModel = useStudio((state) => state.browserModel);
  const serverIsUp = useStudio((state) => state.serverIsUp);
  const matte = useStudio((state) => state.matte);
  const [place, setPlace] = useState<Place>(proposed ?? current);
  const [model, setModel] = useState<BrowserModel>(currentModel);
  const [kept, setKept] = useState<readonly string[]>([]);
  const close = () => openDialog(undefined);
  useEffect(() => {
    void engine.checkServer();
    if (place === 'browser') void engine.keptModels().then(setKept);
  }, [engine, place]);

  const chosen = browserModels.find((each) => each.id === model);
  const apply = () => {
    engine.setPlace(place, model);
    close();
  };
  return (
    <Dialog title="Where the work happens" onClose={close}>
      <p className="dialog-lead">
        Finding the subject takes a trained model, and here you say where it runs. All editing happens in this page.
      </p>
      <div className="choices" role="radiogroup" aria-label="Where the work happens">
        <Choice
          name="place"
          icon="server"
          title="Focal server"
          text="Best quality and fastest: IS-Net, on the computer that this page came from."
          note={serverIsUp === false ? 'Does not answer now. Start it with “npm start”.' : undefined}
          isChecked={place === 'server'}
          onChoose={() => setPlace('server')}
        />
        <Choice
          name="place"
          icon="browser"
          title="This browser alone"
          text="Works without the server, offline too once the model is loaded."
          isChecked={place === 'browser'}
          onChoose={() => setPlace('browser')}
        />
      </div>
      {place === 'browser' && (
        <div className="choices inner" role="radiogroup" aria-label="Model">
          {browserModels.map((each) => (
            <Choice
              key={each.id}
              name="model"
              title={each.title}
              text={`${each.finds} ${each.cost}`}
              note={kept.includes(each.id) ? 'Kept in this browser.' : undefined}
              isGood={kept.includes(each.id)}
              isChecked={model === each.id}
              onChoose={() => setModel(each.id)}
            />
          ))}
        </div>
      )}
      {matte?.notice !== undefined && (
        <p className="dialog-notice">
          <Icon name="warning" size={16} />
          {matte.notice}
        </p>
      )}
      <footer className="dialog-foot">
        <span className="spacer" />
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="button" className="button primary" onClick={apply}>
          {toApplyLabel(place, chosen, !kept.includes(model))}
        </button>
      </footer>
    </Dialog>
  );
}

function toApplyLabel(place: Place, model: BrowserModelInfo | undefined, needsDownload: boolean): string {
  if (place === 'server') return 'Use the server';
  if (model?.isHeavy === true) return needsDownload ? 'Load 88 MB and use it' : 'Use IS-Net here';
  return 'Use this browser';
}

function Choice(props: {
  readonly name: string;
  readonly icon?: 'server' | 'browser';
  readonly title: string;
  readonly text: string;
  readonly note?: string | undefined;
  readonly isGood?: boolean;
  readonly isChecked: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <label className="choice">
      <input type="radio" name={props.name} checked={props.isChecked} onChange={props.onChoose} />
      {props.icon !== undefined && <Icon name={props.icon} size={22} />}
      <span className="choice-text">
        <strong>{props.title}</strong>
        <span>{props.text}</span>
        {props.note !== undefined && <em data-good={props.isGood}>{props.note}</em>}
      </span>
      <span className="choice-dot" />
    </label>
  );
}
