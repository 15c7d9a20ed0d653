import { useEffect, useState } from 'react';
import type { DeviceReport, ModelInfo } from '../api/types.ts';
import { formatBytes } from '../ui/format.ts';
import { useLibraryEngine } from '../ui/library-context.tsx';

const STATES: Readonly<Record<ModelInfo['state'], string>> = {
  ready: 'Ready',
  missing: 'Missing',
  available: 'Not installed',
};

/** Which models there are, and what they run on. */
export function ModelsSection() {
  const engine = useLibraryEngine();
  const [device, setDevice] = useState<DeviceReport | undefined>(undefined);
  const [models, setModels] = useState<readonly ModelInfo[]>([]);
  useEffect(() => {
    let isOver = false;
    void engine.attempt(async () => {
      const found = await engine.api.models();
      if (!isOver) setModels(found);
      const used = await engine.api.device();
      if (!isOver) setDevice(used);
    });
    return () => {
      isOver = true;
    };
  }, [engine]);
  return (
    <section className="settings-section" aria-labelledby="models">
      <h2 id="models">Models and device</h2>
      <p role="status">{device === undefined ? 'Finding out what models run on …' : describe(device)}</p>
      {device?.tried.map(({ device: name, reason }) => (
        <p key={name}>
          Not {name}: {reason}
        </p>
      ))}
      <dl className="settings-list">
        {models.map(({ id, title, state, bytes, licence, hint }) => (
          <div key={id} data-state={state}>
            <dt>
              {title}
              <span>
                {formatBytes(bytes)} · {licence}
                {state !== 'ready' && hint !== undefined ? ` · ${hint}` : ''}
              </span>
            </dt>
            <dd>{STATES[state]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function describe({ device, threads, profile }: DeviceReport): string {
  const where = device === 'cpu' ? 'the processor' : `the graphics card (${device})`;
  const memory = profile === 'low-memory' ? ', with little memory' : '';
  return `Models run on ${where}, with ${threads} ${threads === 1 ? 'thread' : 'threads'}${memory}.`;
}
