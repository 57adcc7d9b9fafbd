import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

interface StateProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** Heading level that fits where it stands */
  readonly level?: 2 | 3;
}

function State({ kind, title, level = 2, children }: StateProps & { readonly kind: string }) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section className="state" data-kind={kind}>
      <Heading>{title}</Heading>
      {children}
    </section>
  );
}

/** Nothing here yet: what will be here and how it gets here. */
export function Empty(props: StateProps) {
  return <State kind="empty" {...props} />;
}

/** Somebody is awaited: who, and until when. */
export function Waiting(props: StateProps) {
  return <State kind="waiting" {...props} />;
}

/** Something a reader must know before reading on. */
export function Notice(props: StateProps) {
  return <State kind="notice" {...props} />;
}

interface TroubleProps extends StateProps {
  /** What was kept */
  readonly kept?: ReactNode;
  /** What to do now */
  readonly todo: ReactNode;
}

function Trouble({ kept, todo, children, ...rest }: TroubleProps & { readonly kind: string }) {
  const t = useTranslations("common.states");
  return (
    <State {...rest}>
      {children}
      <dl className="facts">
        {kept ? (
          <>
            <dt>{t("kept")}</dt>
            <dd>{kept}</dd>
          </>
        ) : null}
        <dt>{t("todo")}</dt>
        <dd>{todo}</dd>
      </dl>
    </State>
  );
}

/** It went wrong: what happened, what was kept, what to do. */
export function ErrorNote(props: TroubleProps) {
  return <Trouble kind="error" {...props} />;
}

/** It may not be done: the reason, and what can be done instead. */
export function Refused(props: TroubleProps) {
  return <Trouble kind="refused" {...props} />;
}
