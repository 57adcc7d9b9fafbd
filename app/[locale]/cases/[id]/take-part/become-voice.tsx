import { useTranslations } from "next-intl";
import { type PartyDto, partyBases } from "@/lib/cases";

/** For the named authors, before a moderator has accepted anybody as their voice: what it takes to reply. */
export function BecomeVoice({ party, signedIn }: { readonly party: PartyDto; readonly signedIn: boolean }) {
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
        </li>
        <li>{t("part.voiceThen")}</li>
      </ol>
    </section>
  );
}
