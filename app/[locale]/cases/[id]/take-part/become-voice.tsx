import { useTranslations } from "next-intl";
import { type PartyDto, partyBases } from "@/lib/cases";

/** For the named authors, before a moderator has accepted anybody as their voice: what it takes to reply. */
export function BecomeVoice({
  party,
  signedIn,
  contact,
}: {
  readonly party: PartyDto;
  readonly signedIn: boolean;
  /** Where the moderators of this instance are reached, for those whom no notice reached */
  readonly contact: string | null;
}) {
  const t = useTranslations("cases");
  return (
    <section className="section stack" id={`voice-of-${party.id}`} aria-labelledby={`voice-${party.id}`}>
      <h2 id={`voice-${party.id}`}>{t("part.voice", { name: party.name })}</h2>
      <p className="measure">{t("part.voiceText")}</p>
      <ol className="measure">
        {signedIn ? null : <li>{t("part.voiceSignIn")}</li>}
        <li>
          {t("part.voiceShow", { name: party.name })}
          <ul>
            {partyBases.map((basis) => (
              <li key={basis}>{t(`parties.basis.${basis}`)}</li>
            ))}
          </ul>
          {contact ? (
            <p>
              {t.rich("part.voiceContact", { contact: () => <a href={`mailto:${contact}`}>{contact}</a> })}
            </p>
          ) : null}
        </li>
        <li>{t("part.voiceThen")}</li>
      </ol>
    </section>
  );
}
