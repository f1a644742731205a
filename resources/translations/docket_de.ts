<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>About</name>
    <message>
      <source>CycloneDX (*.json)</source>
      <translation>CycloneDX (*.json)</translation>
    </message>
    <message>
      <source>SBOM written: {name}</source>
      <translation>SBOM geschrieben: {name}</translation>
    </message>
    <message>
      <source>Save the SBOM</source>
      <translation>Die SBOM speichern</translation>
    </message>
  </context>
  <context>
    <name>AboutDialog</name>
    <message>
      <source>&amp;Copy details</source>
      <translation>Angaben &amp;kopieren</translation>
    </message>
    <message>
      <source>&amp;Save SBOM…</source>
      <translation>SBOM &amp;speichern…</translation>
    </message>
    <message>
      <source>About Docket</source>
      <translation>Über Docket</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Docket's icon</source>
      <translation>Symbol von Docket</translation>
    </message>
    <message>
      <source>Libraries and their licences</source>
      <translation>Bibliotheken und ihre Lizenzen</translation>
    </message>
    <message>
      <source>Library</source>
      <translation>Bibliothek</translation>
    </message>
    <message>
      <source>Licence</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <source>Reading…</source>
      <translation>Wird gelesen…</translation>
    </message>
    <message>
      <source>The review desk for moderators. Nothing leaves this machine unless you export it.</source>
      <translation>Der Prüfplatz für Moderation. Nichts verlässt diesen Rechner, außer Sie exportieren es.</translation>
    </message>
    <message>
      <source>Version</source>
      <translation>Version</translation>
    </message>
    <message>
      <source>Version {version} · licence {licence}</source>
      <translation>Version {version} · Lizenz {licence}</translation>
    </message>
    <message>
      <source>{count} libraries, with the licences they state</source>
      <translation>{count} Bibliotheken mit den Lizenzen, die sie angeben</translation>
    </message>
  </context>
  <context>
    <name>Actions</name>
    <message>
      <source>&amp;About Docket</source>
      <translation>Übe&amp;r Docket</translation>
    </message>
    <message>
      <source>&amp;Agree with the model</source>
      <translation>Dem Modell &amp;zustimmen</translation>
    </message>
    <message>
      <source>&amp;All</source>
      <translation>&amp;Alle</translation>
    </message>
    <message>
      <source>&amp;Back to the whole queue</source>
      <translation>Zur &amp;ganzen Warteschlange</translation>
    </message>
    <message>
      <source>&amp;Back up now</source>
      <translation>Jetzt si&amp;chern</translation>
    </message>
    <message>
      <source>&amp;Choose the model…</source>
      <translation>&amp;Modell wählen…</translation>
    </message>
    <message>
      <source>&amp;Close workspace</source>
      <translation>Arbeitsbereich &amp;schließen</translation>
    </message>
    <message>
      <source>&amp;Commands…</source>
      <translation>&amp;Befehle…</translation>
    </message>
    <message>
      <source>&amp;Dark</source>
      <translation>&amp;Dunkel</translation>
    </message>
    <message>
      <source>&amp;Decided</source>
      <translation>Entschie&amp;den</translation>
    </message>
    <message>
      <source>&amp;Escalate</source>
      <translation>Eskali&amp;eren</translation>
    </message>
    <message>
      <source>&amp;Export…</source>
      <translation>E&amp;xportieren…</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>&amp;Datei</translation>
    </message>
    <message>
      <source>&amp;First steps…</source>
      <translation>&amp;Erste Schritte…</translation>
    </message>
    <message>
      <source>&amp;Fold what is alike</source>
      <translation>Gleiches zusammenfal&amp;ten</translation>
    </message>
    <message>
      <source>&amp;Go</source>
      <translation>&amp;Gehe zu</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>&amp;Hilfe</translation>
    </message>
    <message>
      <source>&amp;Import…</source>
      <translation>&amp;Importieren…</translation>
    </message>
    <message>
      <source>&amp;Insight</source>
      <translation>&amp;Einblick</translation>
    </message>
    <message>
      <source>&amp;Judge the queue</source>
      <translation>Warteschlange &amp;beurteilen</translation>
    </message>
    <message>
      <source>&amp;Keys</source>
      <translation>&amp;Tasten</translation>
    </message>
    <message>
      <source>&amp;Keys…</source>
      <translation>Schl&amp;üssel…</translation>
    </message>
    <message>
      <source>&amp;Larger text</source>
      <translation>Größere &amp;Schrift</translation>
    </message>
    <message>
      <source>&amp;Lock</source>
      <translation>Sp&amp;erren</translation>
    </message>
    <message>
      <source>&amp;Metadata</source>
      <translation>&amp;Metadaten</translation>
    </message>
    <message>
      <source>&amp;Model</source>
      <translation>&amp;Modell</translation>
    </message>
    <message>
      <source>&amp;Models</source>
      <translation>&amp;Modelle</translation>
    </message>
    <message>
      <source>&amp;More labels</source>
      <translation>&amp;Weitere Labels</translation>
    </message>
    <message>
      <source>&amp;New workspace…</source>
      <translation>&amp;Neuer Arbeitsbereich…</translation>
    </message>
    <message>
      <source>&amp;Note…</source>
      <translation>&amp;Notiz…</translation>
    </message>
    <message>
      <source>&amp;Open workspace…</source>
      <translation>Arbeitsbereich &amp;öffnen…</translation>
    </message>
    <message>
      <source>&amp;Order</source>
      <translation>Reihen&amp;folge</translation>
    </message>
    <message>
      <source>&amp;Policies</source>
      <translation>&amp;Richtlinien</translation>
    </message>
    <message>
      <source>&amp;Previous item</source>
      <translation>&amp;Voriger Eintrag</translation>
    </message>
    <message>
      <source>&amp;Queue</source>
      <translation>&amp;Warteschlange</translation>
    </message>
    <message>
      <source>&amp;Quit</source>
      <translation>Been&amp;den</translation>
    </message>
    <message>
      <source>&amp;Review</source>
      <translation>&amp;Prüfen</translation>
    </message>
    <message>
      <source>&amp;Score the queue first, without reasoning</source>
      <translation>Erst nur &amp;Werte bestimmen, ohne Begründung</translation>
    </message>
    <message>
      <source>&amp;Search</source>
      <translation>&amp;Suchen</translation>
    </message>
    <message>
      <source>&amp;Skip</source>
      <translation>Über&amp;springen</translation>
    </message>
    <message>
      <source>&amp;Smaller text</source>
      <translation>&amp;Kleinere Schrift</translation>
    </message>
    <message>
      <source>&amp;Undo the last decision</source>
      <translation>Letzte Entscheidung z&amp;urücknehmen</translation>
    </message>
    <message>
      <source>&amp;Unfold this row and select its group</source>
      <translation>Zeile a&amp;ufklappen und Gruppe auswählen</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>&amp;Ansicht</translation>
    </message>
    <message>
      <source>&amp;Whole policy</source>
      <translation>&amp;Ganze Richtlinie</translation>
    </message>
    <message>
      <source>Add a &amp;policy…</source>
      <translation>&amp;Richtlinie hinzufügen…</translation>
    </message>
    <message>
      <source>Back&amp;ups…</source>
      <translation>Sicherun&amp;gen…</translation>
    </message>
    <message>
      <source>Clauses of the label &amp;after</source>
      <translation>Klauseln des &amp;nächsten Labels</translation>
    </message>
    <message>
      <source>Clauses of the label &amp;before</source>
      <translation>Klauseln des &amp;vorigen Labels</translation>
    </message>
    <message>
      <source>Differences to settl&amp;e</source>
      <translation>Differenzen sch&amp;lichten</translation>
    </message>
    <message>
      <source>Disa&amp;greements</source>
      <translation>Abweic&amp;hungen</translation>
    </message>
    <message>
      <source>Earlier &amp;turns of the conversation</source>
      <translation>&amp;Frühere Beiträge des Gesprächs</translation>
    </message>
    <message>
      <source>Escalate with a reas&amp;on…</source>
      <translation>Eskalieren mit Begründun&amp;g…</translation>
    </message>
    <message>
      <source>Filter by &amp;policy</source>
      <translation>Nach &amp;Richtlinie filtern</translation>
    </message>
    <message>
      <source>Go to the &amp;content</source>
      <translation>Zum &amp;Inhalt</translation>
    </message>
    <message>
      <source>Go to the &amp;policy</source>
      <translation>Zur &amp;Richtlinie</translation>
    </message>
    <message>
      <source>Go to the &amp;queue</source>
      <translation>Zur &amp;Warteschlange</translation>
    </message>
    <message>
      <source>Go to the &amp;verdict</source>
      <translation>Zum &amp;Urteil</translation>
    </message>
    <message>
      <source>Hi&amp;gh contrast</source>
      <translation>Hoher Kontras&amp;t</translation>
    </message>
    <message>
      <source>Hid&amp;e this now</source>
      <translation>Sofort v&amp;erbergen</translation>
    </message>
    <message>
      <source>L&amp;ight</source>
      <translation>&amp;Hell</translation>
    </message>
    <message>
      <source>Label {number}</source>
      <translation>Label {number}</translation>
    </message>
    <message>
      <source>Li&amp;ft the veil of this item</source>
      <translation>Sch&amp;leier dieses Eintrags lüften</translation>
    </message>
    <message>
      <source>Look behind the veil while held</source>
      <translation>Gedrückt halten: hinter den Schleier sehen</translation>
    </message>
    <message>
      <source>Look like the s&amp;ystem</source>
      <translation>Wie das S&amp;ystem</translation>
    </message>
    <message>
      <source>Narro&amp;w by label, language, source…</source>
      <translation>&amp;Eingrenzen nach Label, Sprache, Quelle…</translation>
    </message>
    <message>
      <source>Ne&amp;xt item</source>
      <translation>Nä&amp;chster Eintrag</translation>
    </message>
    <message>
      <source>Next qu&amp;ote of the model</source>
      <translation>Nächstes Zitat des M&amp;odells</translation>
    </message>
    <message>
      <source>P&amp;references…</source>
      <translation>Einste&amp;llungen…</translation>
    </message>
    <message>
      <source>Re&amp;fused rows…</source>
      <translation>Abgele&amp;hnte Zeilen…</translation>
    </message>
    <message>
      <source>S&amp;how what was narrowed away</source>
      <translation>Ausgegrenztes &amp;wieder zeigen</translation>
    </message>
    <message>
      <source>Sa&amp;ved views</source>
      <translation>Gespe&amp;icherte Ansichten</translation>
    </message>
    <message>
      <source>Save &amp;this view…</source>
      <translation>Ansi&amp;cht speichern…</translation>
    </message>
    <message>
      <source>Se&amp;cond review</source>
      <translation>&amp;Zweitprüfung</translation>
    </message>
    <message>
      <source>Select the item &amp;before, too</source>
      <translation>V&amp;origen Eintrag mit auswählen</translation>
    </message>
    <message>
      <source>Select the next item, &amp;too</source>
      <translation>Nächsten Eintrag m&amp;it auswählen</translation>
    </message>
    <message>
      <source>Set as&amp;ide (skipped and escalated)</source>
      <translation>&amp;Beiseite (übersprungen und eskaliert)</translation>
    </message>
    <message>
      <source>Skip with a &amp;reason…</source>
      <translation>Überspringen mit Begrün&amp;dung…</translation>
    </message>
    <message>
      <source>Sort agai&amp;n</source>
      <translation>&amp;Neu sortieren</translation>
    </message>
    <message>
      <source>Spell out &amp;hidden and look-alike letters</source>
      <translation>Verborgene und ähnliche &amp;Zeichen ausschreiben</translation>
    </message>
    <message>
      <source>Take a b&amp;reak</source>
      <translation>&amp;Pause machen</translation>
    </message>
    <message>
      <source>To &amp;review</source>
      <translation>Zu &amp;prüfen</translation>
    </message>
    <message>
      <source>Try the &amp;sample queue</source>
      <translation>&amp;Beispiel ausprobieren</translation>
    </message>
    <message>
      <source>Usual te&amp;xt size</source>
      <translation>Ü&amp;bliche Schriftgröße</translation>
    </message>
    <message>
      <source>Verdict without the co&amp;ntext</source>
      <translation>Urteil ohne Zus&amp;ammenhang</translation>
    </message>
  </context>
  <context>
    <name>BackupWork</name>
    <message>
      <source>Checking pages, tables and the audit chain…</source>
      <translation>Seiten, Tabellen und Prüfkette werden geprüft…</translation>
    </message>
    <message>
      <source>Restored to {folder}.</source>
      <translation>Hergestellt in {folder}.</translation>
    </message>
    <message>
      <source>Unpacked {done} of {total} MB</source>
      <translation>{done} von {total} MB entpackt</translation>
    </message>
  </context>
  <context>
    <name>BackupsDialog</name>
    <message>
      <source> h</source>
      <translation> h</translation>
    </message>
    <message>
      <source>&amp;Back</source>
      <translation>&amp;Zurück</translation>
    </message>
    <message>
      <source>&amp;Restore…</source>
      <translation>&amp;Wiederherstellen…</translation>
    </message>
    <message>
      <source>Back up &amp;now</source>
      <translation>&amp;Jetzt sichern</translation>
    </message>
    <message>
      <source>Backups</source>
      <translation>Sicherungen</translation>
    </message>
    <message>
      <source>Backups (*.zip *.backup);;All files (*)</source>
      <translation>Sicherungen (*.zip *.backup);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Backups of this workspace</source>
      <translation>Sicherungen dieses Arbeitsbereichs</translation>
    </message>
    <message>
      <source>Browse…</source>
      <translation>Durchsuchen…</translation>
    </message>
    <message>
      <source>CHANGED</source>
      <translation>VERÄNDERT</translation>
    </message>
    <message>
      <source>Checked</source>
      <translation>Geprüft</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Each is one encrypted file, with the keys of its day. Keep copies where the users of this workspace cannot write, and try a restore now and then.</source>
      <translation>Jede ist eine verschlüsselte Datei mit den Schlüsseln ihres Tages. Bewahren Sie Kopien dort auf, wo die Benutzer dieses Arbeitsbereichs nicht schreiben können, und probieren Sie ab und zu eine Wiederherstellung.</translation>
    </message>
    <message>
      <source>Events of this workspace since then, which are not in it: {count}.</source>
      <translation>Ereignisse dieses Arbeitsbereichs seither, die nicht darin sind: {count}.</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>How many are kept</source>
      <translation>Wie viele bleiben</translation>
    </message>
    <message>
      <source>Into the new folder</source>
      <translation>In den neuen Ordner</translation>
    </message>
    <message>
      <source>Into which folder</source>
      <translation>In welchen Ordner</translation>
    </message>
    <message>
      <source>It is of another workspace than the one that is open.</source>
      <translation>Sie gehört zu einem anderen Arbeitsbereich als dem, der offen ist.</translation>
    </message>
    <message>
      <source>It is unpacked beside the new folder, every file is held against its hash, and pages, tables and the audit chain are checked. Only then does the folder appear.</source>
      <translation>Sie wird neben dem neuen Ordner entpackt, jede Datei mit ihrem Hash verglichen, und Seiten, Tabellen und Prüfkette werden geprüft. Erst dann erscheint der Ordner.</translation>
    </message>
    <message>
      <source>Made</source>
      <translation>Gemacht</translation>
    </message>
    <message>
      <source>Make one &amp;every</source>
      <translation>&amp;Eine alle</translation>
    </message>
    <message>
      <source>Make one every so many hours of use</source>
      <translation>Alle so viele Stunden der Nutzung eine machen</translation>
    </message>
    <message>
      <source>Name a folder.</source>
      <translation>Nennen Sie einen Ordner.</translation>
    </message>
    <message>
      <source>No workspace is open. A backup can be restored into a new folder.</source>
      <translation>Kein Arbeitsbereich ist offen. Eine Sicherung kann in einen neuen Ordner wiederhergestellt werden.</translation>
    </message>
    <message>
      <source>Nothing is replaced: it goes into a new folder, and the workspace of now stays as it is.</source>
      <translation>Nichts wird ersetzt: Sie kommt in einen neuen Ordner, und der jetzige Arbeitsbereich bleibt, wie er ist.</translation>
    </message>
    <message>
      <source>Open the restored workspace</source>
      <translation>Den hergestellten öffnen</translation>
    </message>
    <message>
      <source>Passphrase of that day, or recovery code</source>
      <translation>Passphrase jenes Tages oder Wiederherstellungscode</translation>
    </message>
    <message>
      <source>Progress of restoring</source>
      <translation>Fortschritt der Wiederherstellung</translation>
    </message>
    <message>
      <source>Prove and restore</source>
      <translation>Prüfen und herstellen</translation>
    </message>
    <message>
      <source>Proving the backup</source>
      <translation>Die Sicherung wird geprüft</translation>
    </message>
    <message>
      <source>Restore a &amp;file…</source>
      <translation>Eine &amp;Datei wiederherstellen…</translation>
    </message>
    <message>
      <source>Restore a backup</source>
      <translation>Eine Sicherung wiederherstellen</translation>
    </message>
    <message>
      <source>Restored to {folder}. Proven: {checks}. From now on Docket can open that folder instead of the workspace of now, which stays where it is: decisions made in one are not in the other. Open it?</source>
      <translation>Hergestellt in {folder}. Geprüft: {checks}. Docket kann von nun an diesen Ordner öffnen statt des jetzigen Arbeitsbereichs, der bleibt, wo er ist: Entscheidungen in dem einen sind nicht in dem anderen. Öffnen?</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>Stay where I am</source>
      <translation>Hier bleiben</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>The backup is sound</source>
      <translation>Die Sicherung ist in Ordnung</translation>
    </message>
    <message>
      <source>There is no backup yet.</source>
      <translation>Es gibt noch keine Sicherung.</translation>
    </message>
    <message>
      <source>They lie in {folder}</source>
      <translation>Sie liegen in {folder}</translation>
    </message>
    <message>
      <source>and &amp;keep the newest</source>
      <translation>und die neuesten &amp;behalten</translation>
    </message>
    <message>
      <source>as it was made</source>
      <translation>wie gemacht</translation>
    </message>
    <message>
      <source>never</source>
      <translation>nie</translation>
    </message>
    <message>
      <source>not recorded</source>
      <translation>nicht verzeichnet</translation>
    </message>
    <message>
      <source>{file}, made {date}, up to event {events} of the audit chain.</source>
      <translation>{file}, gemacht {date}, bis Ereignis {events} der Prüfkette.</translation>
    </message>
    <message>
      <source>{size} MB</source>
      <translation>{size} MB</translation>
    </message>
  </context>
  <context>
    <name>CarePage</name>
    <message>
      <source> min</source>
      <translation> min</translation>
    </message>
    <message>
      <source> s</source>
      <translation> s</translation>
    </message>
    <message>
      <source>Always veil these labels</source>
      <translation>Diese Labels immer verschleiern</translation>
    </message>
    <message>
      <source>Cover the words of the team's list</source>
      <translation>Wörter der Teamliste abdecken</translation>
    </message>
    <message>
      <source>Remind me of a break after</source>
      <translation>An eine Pause erinnern nach</translation>
    </message>
    <message>
      <source>Spread grave items among light ones</source>
      <translation>Schwere Einträge unter leichte mischen</translation>
    </message>
    <message>
      <source>Tell me when a session has lasted</source>
      <translation>Melden, wenn eine Sitzung dauert</translation>
    </message>
    <message>
      <source>Time on an item stops after</source>
      <translation>Zeit am Eintrag hält an nach</translation>
    </message>
    <message>
      <source>Veil items without a verdict, too</source>
      <translation>Auch Einträge ohne Urteil verschleiern</translation>
    </message>
    <message>
      <source>Veil the text of items</source>
      <translation>Text der Einträge verschleiern</translation>
    </message>
    <message>
      <source>What you have seen is counted on this computer for you alone. None of this is medical advice.</source>
      <translation>Was Sie gesehen haben, wird auf diesem Rechner nur für Sie gezählt. Nichts davon ist ein medizinischer Rat.</translation>
    </message>
    <message>
      <source>Words the team covers</source>
      <translation>Wörter, die das Team abdeckt</translation>
    </message>
    <message>
      <source>codes, with commas between them</source>
      <translation>Codes, durch Kommas getrennt</translation>
    </message>
    <message>
      <source>from severity {severity} on</source>
      <translation>ab Schwere {severity}</translation>
    </message>
    <message>
      <source>never</source>
      <translation>nie</translation>
    </message>
    <message>
      <source>one word or phrase a line; Docket brings no list</source>
      <translation>ein Wort oder Ausdruck je Zeile; Docket bringt keine Liste mit</translation>
    </message>
  </context>
  <context>
    <name>Caring</name>
    <message>
      <source>Hidden</source>
      <translation>Verborgen</translation>
    </message>
    <message>
      <source>Hold {key_reveal} to look, {key_lift} lifts the veil for this item. Every decision works as it is.</source>
      <translation>{key_reveal} gedrückt halten zum Ansehen, {key_lift} lüftet den Schleier für diesen Eintrag. Entscheiden geht auch so.</translation>
    </message>
    <message>
      <source>Veiled</source>
      <translation>Verschleiert</translation>
    </message>
    <message>
      <source>Veiled: severity {severity} of 4</source>
      <translation>Verschleiert: Schwere {severity} von 4</translation>
    </message>
  </context>
  <context>
    <name>ChoosingModel</name>
    <message>
      <source>From now on {model} judges.</source>
      <translation>Ab jetzt urteilt {model}.</translation>
    </message>
    <message>
      <source>Stop judging first, then choose another model.</source>
      <translation>Halten Sie zuerst das Beurteilen an, dann wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
      <source>The model was not changed. Nothing leaves this machine.</source>
      <translation>Das Modell blieb, wie es war. Nichts verlässt diesen Rechner.</translation>
    </message>
  </context>
  <context>
    <name>Chores</name>
    <message>
      <source>&amp;Look at them</source>
      <translation>&amp;Ansehen</translation>
    </message>
    <message>
      <source>Adding a policy</source>
      <translation>Richtlinie wird hinzugefügt</translation>
    </message>
    <message>
      <source>Backed up to {name}.</source>
      <translation>Gesichert nach {name}.</translation>
    </message>
    <message>
      <source>Backing up</source>
      <translation>Es wird gesichert</translation>
    </message>
    <message>
      <source>Bundle of {sender}: {items} items, {decisions} decisions, {second} second reviews.</source>
      <translation>Bündel von {sender}: {items} Einträge, {decisions} Entscheidungen, {second} Zweitprüfungen.</translation>
    </message>
    <message>
      <source>Exported {rows} records to {name}.</source>
      <translation>{rows} Datensätze nach {name} exportiert.</translation>
    </message>
    <message>
      <source>Exporting</source>
      <translation>Es wird exportiert</translation>
    </message>
    <message>
      <source>Import: {parts}.</source>
      <translation>Import: {parts}.</translation>
    </message>
    <message>
      <source>Importing {name}</source>
      <translation>{name} wird importiert</translation>
    </message>
    <message>
      <source>Policy “{title}” is in, version {version}, {count} labels.</source>
      <translation>Richtlinie „{title}“ ist da, Version {version}, {count} Labels.</translation>
    </message>
    <message>
      <source>Something else is still running. Wait for it, or cancel it first.</source>
      <translation>Etwas anderes läuft noch. Warten Sie darauf, oder brechen Sie es zuerst ab.</translation>
    </message>
    <message>
      <source>This bundle of {sender} came in before; nothing changed.</source>
      <translation>Dieses Bündel von {sender} kam schon früher; nichts änderte sich.</translation>
    </message>
    <message>
      <source>the first is line {line}: {reason}</source>
      <translation>die erste ist Zeile {line}: {reason}</translation>
    </message>
    <message>
      <source>went on behind line {line}</source>
      <translation>hinter Zeile {line} fortgesetzt</translation>
    </message>
    <message>
      <source>{count} already there</source>
      <translation>{count} schon vorhanden</translation>
    </message>
    <message>
      <source>{count} conflicts were left as they are here; the first is {place}: {reason}.</source>
      <translation>{count} Konflikte blieben, wie sie hier sind; der erste ist {place}: {reason}.</translation>
    </message>
    <message>
      <source>{count} lines rejected</source>
      <translation>{count} Zeilen abgelehnt</translation>
    </message>
    <message>
      <source>{count} stored</source>
      <translation>{count} gespeichert</translation>
    </message>
  </context>
  <context>
    <name>CommandPalette</name>
    <message>
      <source>Command</source>
      <translation>Befehl</translation>
    </message>
    <message>
      <source>Commands</source>
      <translation>Befehle</translation>
    </message>
    <message>
      <source>Matching commands</source>
      <translation>Passende Befehle</translation>
    </message>
    <message>
      <source>What do you want to do?</source>
      <translation>Was möchten Sie tun?</translation>
    </message>
  </context>
  <context>
    <name>Comparing</name>
    <message>
      <source>The model is reading…</source>
      <translation>Das Modell liest…</translation>
    </message>
    <message>
      <source>There is no verdict yet to compare with.</source>
      <translation>Es gibt noch kein Urteil zum Vergleichen.</translation>
    </message>
    <message>
      <source>This item has no context to leave out. A reply or a conversation has.</source>
      <translation>Dieser Eintrag hat keinen Zusammenhang zum Weglassen. Antworten und Gespräche haben einen.</translation>
    </message>
    <message>
      <source>WITHOUT CONTEXT</source>
      <translation>OHNE ZUSAMMENHANG</translation>
    </message>
  </context>
  <context>
    <name>ConfirmDialog</name>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
  </context>
  <context>
    <name>ConsentDialog</name>
    <message>
      <source>&amp;Send content to {host}</source>
      <translation>Inhalt an {host} &amp;senden</translation>
    </message>
    <message>
      <source>Asked once for each host; the answer is kept in the audit chain.</source>
      <translation>Wird einmal je Server gefragt; die Antwort steht in der Prüfkette.</translation>
    </message>
    <message>
      <source>Content would leave this machine</source>
      <translation>Inhalt würde diesen Rechner verlassen</translation>
    </message>
    <message>
      <source>Keep it here</source>
      <translation>Hier behalten</translation>
    </message>
    <message>
      <source>Let content leave this machine?</source>
      <translation>Inhalt diesen Rechner verlassen lassen?</translation>
    </message>
    <message>
      <source>This server is not on this machine. Every item judged by it is sent to {host}, with its context and the policy. What happens to it there is out of Docket's hands.</source>
      <translation>Dieser Server ist nicht auf diesem Rechner. Jeder Eintrag, den er beurteilt, geht an {host}, mit Zusammenhang und Richtlinie. Was dort geschieht, liegt nicht in Dockets Hand.</translation>
    </message>
  </context>
  <context>
    <name>ContentPane</name>
    <message>
      <source>1 hidden character shown as a mark</source>
      <translation>1 verborgenes Zeichen als Marke gezeigt</translation>
    </message>
    <message>
      <source>1 word mixes alphabets ({names})</source>
      <translation>1 Wort mischt Alphabete ({names})</translation>
    </message>
    <message>
      <source>About this item</source>
      <translation>Zu diesem Eintrag</translation>
    </message>
    <message>
      <source>As it stands ({key_spell_out})</source>
      <translation>Wie es dasteht ({key_spell_out})</translation>
    </message>
    <message>
      <source>Content under review</source>
      <translation>Inhalt in Prüfung</translation>
    </message>
    <message>
      <source>Fold {count} earlier turns ({key_fold_turns})</source>
      <translation>{count} frühere Beiträge einklappen ({key_fold_turns})</translation>
    </message>
    <message>
      <source>Item</source>
      <translation>Eintrag</translation>
    </message>
    <message>
      <source>Metadata</source>
      <translation>Metadaten</translation>
    </message>
    <message>
      <source>Metadata · {count} ({key_metadata})</source>
      <translation>Metadaten · {count} ({key_metadata})</translation>
    </message>
    <message>
      <source>Metadata, {count} fields</source>
      <translation>Metadaten, {count} Felder</translation>
    </message>
    <message>
      <source>Show the content as it stands</source>
      <translation>Inhalt zeigen, wie er dasteht</translation>
    </message>
    <message>
      <source>Show {count} earlier turns ({key_fold_turns})</source>
      <translation>{count} frühere Beiträge zeigen ({key_fold_turns})</translation>
    </message>
    <message>
      <source>Spell out ({key_spell_out})</source>
      <translation>Ausschreiben ({key_spell_out})</translation>
    </message>
    <message>
      <source>Spell out hidden and look-alike letters</source>
      <translation>Verborgene und ähnliche Zeichen ausschreiben</translation>
    </message>
    <message>
      <source>{count} hidden characters shown as marks</source>
      <translation>{count} verborgene Zeichen als Marken gezeigt</translation>
    </message>
    <message>
      <source>{count} words mix alphabets ({names})</source>
      <translation>{count} Wörter mischen Alphabete ({names})</translation>
    </message>
  </context>
  <context>
    <name>Deciding</name>
    <message>
      <source>Agree with the model on {count} items?</source>
      <translation>Dem Modell bei {count} Einträgen zustimmen?</translation>
    </message>
    <message>
      <source>Decide {yours} on {count} items?</source>
      <translation>{count} Einträge als {yours} entscheiden?</translation>
    </message>
    <message>
      <source>Its verdict is hidden until you decide. Choose a label.</source>
      <translation>Das Urteil ist verborgen, bis Sie entscheiden. Wählen Sie ein Label.</translation>
    </message>
    <message>
      <source>Leave it  Esc</source>
      <translation>Weglassen  Esc</translation>
    </message>
    <message>
      <source>The model says {label}, too.</source>
      <translation>Das Modell sagt auch {label}.</translation>
    </message>
    <message>
      <source>Two reviewers differ; you settle it as {yours}. Why?</source>
      <translation>Zwei Prüfende sind uneins; Sie entscheiden {yours}. Warum?</translation>
    </message>
    <message>
      <source>You have decided {label} already.</source>
      <translation>Sie haben schon {label} entschieden.</translation>
    </message>
    <message>
      <source>You said {yours}. The model, hidden until now, says {model}. Why?</source>
      <translation>Sie sagten {yours}. Das Modell, bisher verborgen, sagt {model}. Warum?</translation>
    </message>
    <message>
      <source>You say {yours}, the model says {model}. Why?</source>
      <translation>Sie sagen {yours}, das Modell sagt {model}. Warum?</translation>
    </message>
    <message>
      <source>You say {yours}. This policy asks why.</source>
      <translation>Sie sagen {yours}. Diese Richtlinie verlangt eine Begründung.</translation>
    </message>
    <message>
      <source>{name} decided {before}; you change it to {yours}. Why?</source>
      <translation>{name} entschied {before}; Sie ändern es in {yours}. Warum?</translation>
    </message>
  </context>
  <context>
    <name>DecisionBar</name>
    <message>
      <source>Agree</source>
      <translation>Zustimmen</translation>
    </message>
    <message>
      <source>Decide before you see the verdict</source>
      <translation>Entscheiden, bevor das Urteil zu sehen ist</translation>
    </message>
    <message>
      <source>Decide under this policy</source>
      <translation>Unter dieser Richtlinie entscheiden</translation>
    </message>
    <message>
      <source>Escalate</source>
      <translation>Eskalieren</translation>
    </message>
    <message>
      <source>More</source>
      <translation>Mehr</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Nächster</translation>
    </message>
    <message>
      <source>No verdict to agree with</source>
      <translation>Kein Urteil zum Zustimmen</translation>
    </message>
    <message>
      <source>Note</source>
      <translation>Notiz</translation>
    </message>
    <message>
      <source>Note added</source>
      <translation>Mit Notiz</translation>
    </message>
    <message>
      <source>Previous</source>
      <translation>Voriger</translation>
    </message>
    <message>
      <source>Skip</source>
      <translation>Überspringen</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>Zurücknehmen</translation>
    </message>
    <message>
      <source>model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>{count} labels</source>
      <translation>{count} Labels</translation>
    </message>
  </context>
  <context>
    <name>DeskKeys</name>
    <message>
      <source>&amp;Judge the queue</source>
      <translation>Warteschlange &amp;beurteilen</translation>
    </message>
    <message>
      <source>Add a policy</source>
      <translation>Richtlinie hinzufügen</translation>
    </message>
    <message>
      <source>Policies (*.md *.txt);;All files (*)</source>
      <translation>Richtlinien (*.md *.txt);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Stop &amp;judging</source>
      <translation>Beurteilen an&amp;halten</translation>
    </message>
  </context>
  <context>
    <name>DeskView</name>
    <message>
      <source>A break</source>
      <translation>Eine Pause</translation>
    </message>
    <message>
      <source>Nothing is lost and nothing waits behind this page. {key_break} goes on.</source>
      <translation>Nichts geht verloren, und nichts wartet hinter dieser Seite. {key_break} macht weiter.</translation>
    </message>
  </context>
  <context>
    <name>Diff</name>
    <message>
      <source>After</source>
      <translation>Nachher</translation>
    </message>
    <message>
      <source>Before</source>
      <translation>Vorher</translation>
    </message>
    <message>
      <source>Clause</source>
      <translation>Klausel</translation>
    </message>
    <message>
      <source>added</source>
      <translation>neu</translation>
    </message>
    <message>
      <source>changed</source>
      <translation>geändert</translation>
    </message>
    <message>
      <source>moved</source>
      <translation>verschoben</translation>
    </message>
    <message>
      <source>removed</source>
      <translation>entfernt</translation>
    </message>
  </context>
  <context>
    <name>DiffView</name>
    <message>
      <source>Difference, clause by clause</source>
      <translation>Unterschied, Klausel für Klausel</translation>
    </message>
  </context>
  <context>
    <name>ExportDialog</name>
    <message>
      <source>All decisions</source>
      <translation>Alle Entscheidungen</translation>
    </message>
    <message>
      <source>All policies</source>
      <translation>Alle Richtlinien</translation>
    </message>
    <message>
      <source>Any or none</source>
      <translation>Beliebige oder keine</translation>
    </message>
    <message>
      <source>As</source>
      <translation>Als</translation>
    </message>
    <message>
      <source>CSV (for spreadsheets)</source>
      <translation>CSV (für Tabellen)</translation>
    </message>
    <message>
      <source>Cause</source>
      <translation>Grund</translation>
    </message>
    <message>
      <source>Chats for fine-tuning (harmony)</source>
      <translation>Chats zum Feintuning (harmony)</translation>
    </message>
    <message>
      <source>Content</source>
      <translation>Inhalt</translation>
    </message>
    <message>
      <source>Disagreements with the model</source>
      <translation>Abweichungen vom Modell</translation>
    </message>
    <message>
      <source>Export to</source>
      <translation>Exportieren nach</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>Hugging Face dataset (a folder)</source>
      <translation>Hugging-Face-Datensatz (ein Ordner)</translation>
    </message>
    <message>
      <source>Items with verdicts and decisions</source>
      <translation>Einträge mit Urteilen und Entscheidungen</translation>
    </message>
    <message>
      <source>JSON lines (complete)</source>
      <translation>JSON-Zeilen (vollständig)</translation>
    </message>
    <message>
      <source>Label Studio tasks</source>
      <translation>Label-Studio-Aufgaben</translation>
    </message>
    <message>
      <source>Leave the model's reasoning out</source>
      <translation>Überlegung des Modells weglassen</translation>
    </message>
    <message>
      <source>Mask addresses, numbers and handles</source>
      <translation>Adressen, Nummern und Namen maskieren</translation>
    </message>
    <message>
      <source>Name a file.</source>
      <translation>Nennen Sie eine Datei.</translation>
    </message>
    <message>
      <source>Nothing of it</source>
      <translation>Nichts davon</translation>
    </message>
    <message>
      <source>Only blind decisions</source>
      <translation>Nur blinde Entscheidungen</translation>
    </message>
    <message>
      <source>Only its hash</source>
      <translation>Nur seine Prüfsumme</translation>
    </message>
    <message>
      <source>OpenAI evals samples</source>
      <translation>OpenAI-Evals-Beispiele</translation>
    </message>
    <message>
      <source>Parquet (complete, by column)</source>
      <translation>Parquet (vollständig, spaltenweise)</translation>
    </message>
    <message>
      <source>Passphrase</source>
      <translation>Passphrase</translation>
    </message>
    <message>
      <source>Policy</source>
      <translation>Richtlinie</translation>
    </message>
    <message>
      <source>Preference pairs</source>
      <translation>Präferenzpaare</translation>
    </message>
    <message>
      <source>Prodigy examples</source>
      <translation>Prodigy-Beispiele</translation>
    </message>
    <message>
      <source>Replace the names of reviewers</source>
      <translation>Namen der Prüfenden ersetzen</translation>
    </message>
    <message>
      <source>Report to print (PDF)</source>
      <translation>Bericht zum Drucken (PDF)</translation>
    </message>
    <message>
      <source>Report to read (HTML)</source>
      <translation>Bericht zum Lesen (HTML)</translation>
    </message>
    <message>
      <source>Saved view</source>
      <translation>Gespeicherte Ansicht</translation>
    </message>
    <message>
      <source>Seal it to a recipient or with a passphrase.</source>
      <translation>Versiegeln Sie es für jemanden oder mit einer Passphrase.</translation>
    </message>
    <message>
      <source>Seal to</source>
      <translation>Versiegeln für</translation>
    </message>
    <message>
      <source>Sealed bundle for another workspace</source>
      <translation>Versiegeltes Bündel für einen anderen Arbeitsbereich</translation>
    </message>
    <message>
      <source>That folder does not exist.</source>
      <translation>Diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
      <source>The whole queue</source>
      <translation>Die ganze Warteschlange</translation>
    </message>
    <message>
      <source>What</source>
      <translation>Was</translation>
    </message>
    <message>
      <source>Whole</source>
      <translation>Ganz</translation>
    </message>
    <message>
      <source>age1…, or empty to use the passphrase</source>
      <translation>age1…, oder leer für die Passphrase</translation>
    </message>
  </context>
  <context>
    <name>FilterPanel</name>
    <message>
      <source>Any</source>
      <translation>Alle</translation>
    </message>
    <message>
      <source>Cause</source>
      <translation>Grund</translation>
    </message>
    <message>
      <source>Decided by</source>
      <translation>Entschieden von</translation>
    </message>
    <message>
      <source>Label</source>
      <translation>Label</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <source>Model run</source>
      <translation>Modelllauf</translation>
    </message>
    <message>
      <source>Name for this view</source>
      <translation>Name dieser Ansicht</translation>
    </message>
    <message>
      <source>No saved views yet</source>
      <translation>Noch keine gespeicherten Ansichten</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <source>Remove the saved view</source>
      <translation>Gespeicherte Ansicht entfernen</translation>
    </message>
    <message>
      <source>Save this view as…</source>
      <translation>Ansicht speichern als…</translation>
    </message>
    <message>
      <source>Saved views</source>
      <translation>Gespeicherte Ansichten</translation>
    </message>
    <message>
      <source>Saved views…</source>
      <translation>Ansichten…</translation>
    </message>
    <message>
      <source>Source</source>
      <translation>Quelle</translation>
    </message>
  </context>
  <context>
    <name>FirstItemsStep</name>
    <message>
      <source>First ten items</source>
      <translation>Die ersten zehn</translation>
    </message>
    <message>
      <source>Go to the desk</source>
      <translation>Zum Tisch</translation>
    </message>
    <message>
      <source>Judge the first ten items</source>
      <translation>Die ersten zehn beurteilen</translation>
    </message>
    <message>
      <source>Loading the model…</source>
      <translation>Das Modell wird geladen…</translation>
    </message>
    <message>
      <source>Progress of judging</source>
      <translation>Fortschritt der Beurteilung</translation>
    </message>
    <message>
      <source>The model judges, you decide</source>
      <translation>Das Modell beurteilt, Sie entscheiden</translation>
    </message>
    <message>
      <source>The model reads the policy once and then the first ten items. Each gets a label and a reason. On the desk you agree with A, or choose another label with its number; ? shows every key.</source>
      <translation>Das Modell liest die Richtlinie einmal und dann die ersten zehn Einträge. Jeder erhält ein Label mit Begründung. Am Tisch stimmen Sie mit A zu oder wählen ein anderes Label mit seiner Zahl; ? zeigt alle Tasten.</translation>
    </message>
    <message>
      <source>You need not wait: judging goes on while you review. {key_judge} lets the model judge the rest.</source>
      <translation>Sie müssen nicht warten: Das Modell urteilt weiter, während Sie prüfen. Mit {key_judge} beurteilt es den Rest.</translation>
    </message>
    <message>
      <source>{judged} of {total} items are judged.</source>
      <translation>{judged} von {total} Einträgen sind beurteilt.</translation>
    </message>
  </context>
  <context>
    <name>FirstSteps</name>
    <message>
      <source>&amp;Back</source>
      <translation>&amp;Zurück</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Finish &amp;later</source>
      <translation>&amp;Später weiter</translation>
    </message>
    <message>
      <source>First steps</source>
      <translation>Erste Schritte</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>Steps</source>
      <translation>Schritte</translation>
    </message>
    <message>
      <source>done</source>
      <translation>erledigt</translation>
    </message>
    <message>
      <source>not done yet</source>
      <translation>noch offen</translation>
    </message>
  </context>
  <context>
    <name>Flips</name>
    <message>
      <source>Before</source>
      <translation>Vorher</translation>
    </message>
    <message>
      <source>Clause</source>
      <translation>Klausel</translation>
    </message>
    <message>
      <source>Fixed</source>
      <translation>Behoben</translation>
    </message>
    <message>
      <source>Human</source>
      <translation>Mensch</translation>
    </message>
    <message>
      <source>Item</source>
      <translation>Eintrag</translation>
    </message>
    <message>
      <source>Newly broken</source>
      <translation>Neu kaputt</translation>
    </message>
    <message>
      <source>Now</source>
      <translation>Jetzt</translation>
    </message>
    <message>
      <source>Unchanged</source>
      <translation>Unverändert</translation>
    </message>
    <message>
      <source>Unparsed</source>
      <translation>Unlesbar</translation>
    </message>
    <message>
      <source>What</source>
      <translation>Was</translation>
    </message>
  </context>
  <context>
    <name>FormDialog</name>
    <message>
      <source>Browse…</source>
      <translation>Durchsuchen…</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
  </context>
  <context>
    <name>GraphicsDialog</name>
    <message>
      <source>&amp;Layers on the card</source>
      <translation>&amp;Schichten auf der Karte</translation>
    </message>
    <message>
      <source>0 layers leave the card alone. Keeping experts on the processor lets a large model use a small card. Where memory does not suffice, Docket takes less and says so.</source>
      <translation>0 Schichten lassen die Karte in Ruhe. Bleiben Experten auf dem Prozessor, kann ein großes Modell eine kleine Karte nutzen. Wo der Speicher nicht reicht, nimmt Docket weniger und sagt es.</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Graphics card</source>
      <translation>Grafikkarte</translation>
    </message>
    <message>
      <source>Layers on the graphics card</source>
      <translation>Schichten auf der Grafikkarte</translation>
    </message>
    <message>
      <source>Layers whose &amp;experts stay on the processor</source>
      <translation>Schichten, deren &amp;Experten auf dem Prozessor bleiben</translation>
    </message>
    <message>
      <source>Layers whose experts stay on the processor</source>
      <translation>Schichten, deren Experten auf dem Prozessor bleiben</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>Speichern</translation>
    </message>
    <message>
      <source>What goes on the graphics card</source>
      <translation>Was auf die Grafikkarte kommt</translation>
    </message>
    <message>
      <source>automatic</source>
      <translation>automatisch</translation>
    </message>
  </context>
  <context>
    <name>Grouping</name>
    <message>
      <source>Fold the queue first, with {key_fold_queue}.</source>
      <translation>Falten Sie zuerst die Warteschlange, mit {key_fold_queue}.</translation>
    </message>
    <message>
      <source>Looking for near-duplicates and conversations…</source>
      <translation>Beinahe-Doppel und Gespräche werden gesucht…</translation>
    </message>
    <message>
      <source>Nothing in this list is alike.</source>
      <translation>In dieser Liste ist nichts ähnlich.</translation>
    </message>
    <message>
      <source>One row stands for {count} more. {key_open_group} opens it.</source>
      <translation>Eine Zeile steht für {count} weitere. {key_open_group} öffnet sie.</translation>
    </message>
    <message>
      <source>This row stands for itself.</source>
      <translation>Diese Zeile steht für sich.</translation>
    </message>
    <message>
      <source>{rows} rows stand for {count} more. {key_open_group} opens one.</source>
      <translation>{rows} Zeilen stehen für {count} weitere. {key_open_group} öffnet eine.</translation>
    </message>
  </context>
  <context>
    <name>Guard</name>
    <message>
      <source>Judging is paused until you are back.</source>
      <translation>Das Beurteilen ruht, bis Sie zurück sind.</translation>
    </message>
    <message>
      <source>The model goes on judging behind this lock.</source>
      <translation>Das Modell urteilt hinter dieser Sperre weiter.</translation>
    </message>
    <message>
      <source>The workspace stays open behind this lock.</source>
      <translation>Der Arbeitsbereich bleibt hinter dieser Sperre offen.</translation>
    </message>
  </context>
  <context>
    <name>Import</name>
    <message>
      <source>Argilla records</source>
      <translation>Argilla-Datensätze</translation>
    </message>
    <message>
      <source>Bluesky or Ozone reports</source>
      <translation>Bluesky- oder Ozone-Meldungen</translation>
    </message>
    <message>
      <source>Decisions of others</source>
      <translation>Entscheidungen anderer</translation>
    </message>
    <message>
      <source>Exported items with verdicts and decisions</source>
      <translation>Exportierte Einträge mit Urteilen und Entscheidungen</translation>
    </message>
    <message>
      <source>Harmony conversations</source>
      <translation>Harmony-Gespräche</translation>
    </message>
    <message>
      <source>Import</source>
      <translation>Importieren</translation>
    </message>
    <message>
      <source>Items, JSON lines</source>
      <translation>Einträge, JSON-Zeilen</translation>
    </message>
    <message>
      <source>JSON list</source>
      <translation>JSON-Liste</translation>
    </message>
    <message>
      <source>Label Studio tasks</source>
      <translation>Label-Studio-Aufgaben</translation>
    </message>
    <message>
      <source>Mastodon reports</source>
      <translation>Mastodon-Meldungen</translation>
    </message>
    <message>
      <source>OpenAI messages</source>
      <translation>OpenAI-Nachrichten</translation>
    </message>
    <message>
      <source>Parquet</source>
      <translation>Parquet</translation>
    </message>
    <message>
      <source>Plain text, one message a line</source>
      <translation>Reiner Text, eine Nachricht je Zeile</translation>
    </message>
    <message>
      <source>Prodigy examples</source>
      <translation>Prodigy-Beispiele</translation>
    </message>
    <message>
      <source>Recorded verdicts</source>
      <translation>Aufgezeichnete Urteile</translation>
    </message>
    <message>
      <source>ShareGPT conversations</source>
      <translation>ShareGPT-Gespräche</translation>
    </message>
    <message>
      <source>Table (CSV)</source>
      <translation>Tabelle (CSV)</translation>
    </message>
    <message>
      <source>Table with tabs (TSV)</source>
      <translation>Tabelle mit Tabulatoren (TSV)</translation>
    </message>
  </context>
  <context>
    <name>ImportDialog</name>
    <message>
      <source>Answers</source>
      <translation>Antworten</translation>
    </message>
    <message>
      <source>As</source>
      <translation>Als</translation>
    </message>
    <message>
      <source>Choose a file, or drop one here.</source>
      <translation>Wählen Sie eine Datei, oder lassen Sie eine hier fallen.</translation>
    </message>
    <message>
      <source>Column of: {name}</source>
      <translation>Spalte für: {name}</translation>
    </message>
    <message>
      <source>Columns</source>
      <translation>Spalten</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>Find out from the file</source>
      <translation>Aus der Datei erkennen</translation>
    </message>
    <message>
      <source>Human label</source>
      <translation>Menschliches Label</translation>
    </message>
    <message>
      <source>Id</source>
      <translation>Kennung</translation>
    </message>
    <message>
      <source>Import a file</source>
      <translation>Datei importieren</translation>
    </message>
    <message>
      <source>Leave out texts that are there already under another id</source>
      <translation>Texte weglassen, die unter anderer Kennung schon da sind</translation>
    </message>
    <message>
      <source>Passphrase</source>
      <translation>Passphrase</translation>
    </message>
    <message>
      <source>Policies folder</source>
      <translation>Richtlinienordner</translation>
    </message>
    <message>
      <source>Policy</source>
      <translation>Richtlinie</translation>
    </message>
    <message>
      <source>Sealed bundle of {name}: {items} items, {decisions} decisions. Signature and hashes are right.</source>
      <translation>Versiegeltes Bündel von {name}: {items} Einträge, {decisions} Entscheidungen. Unterschrift und Prüfsummen stimmen.</translation>
    </message>
    <message>
      <source>Text</source>
      <translation>Text</translation>
    </message>
    <message>
      <source>The folder of the policies that the verdicts name</source>
      <translation>Der Ordner der Richtlinien, die die Urteile nennen</translation>
    </message>
    <message>
      <source>There is no such file.</source>
      <translation>Diese Datei gibt es nicht.</translation>
    </message>
    <message>
      <source>Whichever applies</source>
      <translation>Welche zutrifft</translation>
    </message>
    <message>
      <source>as in the file</source>
      <translation>wie in der Datei</translation>
    </message>
    <message>
      <source>made of the text</source>
      <translation>aus dem Text gebildet</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <source>nothing is decided</source>
      <translation>nichts wird entschieden</translation>
    </message>
  </context>
  <context>
    <name>InsightPage</name>
    <message>
      <source>&amp;Learn from</source>
      <translation>&amp;Lernen aus</translation>
    </message>
    <message>
      <source>&amp;Open the items</source>
      <translation>Einträge ö&amp;ffnen</translation>
    </message>
    <message>
      <source>&amp;Policy</source>
      <translation>&amp;Richtlinie</translation>
    </message>
    <message>
      <source>&amp;Report…</source>
      <translation>B&amp;ericht…</translation>
    </message>
    <message>
      <source>&amp;Train</source>
      <translation>Trai&amp;nieren</translation>
    </message>
    <message>
      <source>All policies</source>
      <translation>Alle Richtlinien</translation>
    </message>
    <message>
      <source>CS&amp;V…</source>
      <translation>CS&amp;V…</translation>
    </message>
    <message>
      <source>Choose another place.</source>
      <translation>Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
      <source>Divide &amp;by</source>
      <translation>&amp;Teilen nach</translation>
    </message>
    <message>
      <source>Draw an &amp;audit sample</source>
      <translation>&amp;Stichprobe ziehen</translation>
    </message>
    <message>
      <source>Embedding model</source>
      <translation>Einbettungsmodell</translation>
    </message>
    <message>
      <source>Figures</source>
      <translation>Zahlen</translation>
    </message>
    <message>
      <source>Figures have changed: {key} reads them anew.</source>
      <translation>Die Zahlen haben sich geändert: {key} liest sie neu.</translation>
    </message>
    <message>
      <source>Folder for the report</source>
      <translation>Ordner für den Bericht</translation>
    </message>
    <message>
      <source>GGUF files (*.gguf)</source>
      <translation>GGUF-Dateien (*.gguf)</translation>
    </message>
    <message>
      <source>Insight</source>
      <translation>Einblick</translation>
    </message>
    <message>
      <source>Let sure negatives &amp;wait</source>
      <translation>Sichere &amp;warten lassen</translation>
    </message>
    <message>
      <source>Measuring…</source>
      <translation>Es wird gemessen…</translation>
    </message>
    <message>
      <source>No item stands behind that number.</source>
      <translation>Hinter dieser Zahl steht kein Eintrag.</translation>
    </message>
    <message>
      <source>Pict&amp;ure…</source>
      <translation>B&amp;ild…</translation>
    </message>
    <message>
      <source>S&amp;core the queue</source>
      <translation>Warteschlange bewe&amp;rten</translation>
    </message>
    <message>
      <source>S&amp;how</source>
      <translation>&amp;Zeigen</translation>
    </message>
    <message>
      <source>Save as CSV</source>
      <translation>Als CSV speichern</translation>
    </message>
    <message>
      <source>Save picture</source>
      <translation>Bild speichern</translation>
    </message>
    <message>
      <source>Stop wor&amp;k</source>
      <translation>Arbeit an&amp;halten</translation>
    </message>
    <message>
      <source>vectors alone</source>
      <translation>nur Vektoren</translation>
    </message>
    <message>
      <source>words</source>
      <translation>Wörtern</translation>
    </message>
    <message>
      <source>words and vectors</source>
      <translation>Wörtern und Vektoren</translation>
    </message>
    <message>
      <source>words and vectors of another file…</source>
      <translation>Wörtern und Vektoren einer anderen Datei…</translation>
    </message>
    <message>
      <source>{name} is written.</source>
      <translation>{name} ist geschrieben.</translation>
    </message>
  </context>
  <context>
    <name>InsightWork</name>
    <message>
      <source>Drawing…</source>
      <translation>Es wird gezogen…</translation>
    </message>
    <message>
      <source>Nothing waits any more; {n:,} items came back.</source>
      <translation>Nichts wartet mehr; {n:,} Einträge kamen zurück.</translation>
    </message>
    <message>
      <source>Proving the bound…</source>
      <translation>Die Schranke wird geprüft…</translation>
    </message>
    <message>
      <source>Scoring…</source>
      <translation>Es wird bewertet…</translation>
    </message>
    <message>
      <source>Training…</source>
      <translation>Es wird trainiert…</translation>
    </message>
    <message>
      <source>Version {n} is trained: area under the curve {auc}. {m:,} open items are scored by it.</source>
      <translation>Version {n} ist trainiert: Fläche unter der Kurve {auc}. {m:,} offene Einträge sind damit bewertet.</translation>
    </message>
    <message>
      <source>Writing the report…</source>
      <translation>Bericht wird geschrieben…</translation>
    </message>
    <message>
      <source>{html} and {pdf} are written.</source>
      <translation>{html} und {pdf} sind geschrieben.</translation>
    </message>
    <message>
      <source>{n:,} items are drawn; open a row to review them.</source>
      <translation>{n:,} Einträge sind gezogen; öffnen Sie eine Zeile zum Prüfen.</translation>
    </message>
    <message>
      <source>{n:,} items are scored; sort the queue by expected disagreement.</source>
      <translation>{n:,} Einträge sind bewertet; ordnen Sie nach erwarteter Abweichung.</translation>
    </message>
    <message>
      <source>{n:,} items wait behind the queue.</source>
      <translation>{n:,} Einträge warten hinter der Warteschlange.</translation>
    </message>
  </context>
  <context>
    <name>ItemsStep</name>
    <message>
      <source>Drop a file here, or:</source>
      <translation>Eine Datei hierher ziehen, oder:</translation>
    </message>
    <message>
      <source>Import a &amp;file…</source>
      <translation>Eine &amp;Datei importieren…</translation>
    </message>
    <message>
      <source>Items</source>
      <translation>Einträge</translation>
    </message>
    <message>
      <source>JSON lines, CSV, Parquet, chats, and exports of other tools are recognised; you see the first rows before anything is stored. A file can be imported again: what is there already is left out.</source>
      <translation>JSON-Zeilen, CSV, Parquet, Chats und Exporte anderer Programme werden erkannt; Sie sehen die ersten Zeilen, bevor etwas gespeichert wird. Eine Datei kann erneut importiert werden: Was schon da ist, wird ausgelassen.</translation>
    </message>
    <message>
      <source>Progress of the import</source>
      <translation>Fortschritt des Imports</translation>
    </message>
    <message>
      <source>The queue holds {count} items.</source>
      <translation>Die Warteschlange enthält {count} Einträge.</translation>
    </message>
    <message>
      <source>The queue is empty.</source>
      <translation>Die Warteschlange ist leer.</translation>
    </message>
    <message>
      <source>The sample queue holds made-up items of every kind, and brings the two policies it needs.</source>
      <translation>Die Beispiel-Warteschlange enthält erfundene Einträge jeder Art und bringt die zwei Richtlinien mit, die sie braucht.</translation>
    </message>
    <message>
      <source>Use the &amp;sample queue</source>
      <translation>Die &amp;Beispiele nehmen</translation>
    </message>
    <message>
      <source>What is reviewed?</source>
      <translation>Was wird geprüft?</translation>
    </message>
  </context>
  <context>
    <name>KeyButton</name>
    <message>
      <source>Key {key}</source>
      <translation>Taste {key}</translation>
    </message>
  </context>
  <context>
    <name>KeyChanges</name>
    <message>
      <source>Closing the workspace…</source>
      <translation>Der Arbeitsbereich wird geschlossen…</translation>
    </message>
    <message>
      <source>The keys were changed.</source>
      <translation>Die Schlüssel wurden geändert.</translation>
    </message>
    <message>
      <source>The new recovery code was not kept. Make another one: File, Keys.</source>
      <translation>Der neue Wiederherstellungscode wurde nicht festgehalten. Machen Sie noch einen: Datei, Schlüssel.</translation>
    </message>
    <message>
      <source>{done} of {total} MB</source>
      <translation>{done} von {total} MB</translation>
    </message>
  </context>
  <context>
    <name>KeySheet</name>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>In the override strip: 1 to 6 choose the cause, R the clause, N the note, Enter decides.</source>
      <translation>Bei einer Abweichung: 1 bis 6 wählen den Grund, R die Klausel, N die Notiz, Eingabe entscheidet.</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Tasten</translation>
    </message>
  </context>
  <context>
    <name>KeySlotsDialog</name>
    <message>
      <source> min</source>
      <translation> min</translation>
    </message>
    <message>
      <source>&amp;Add…</source>
      <translation>&amp;Hinzufügen…</translation>
    </message>
    <message>
      <source>&amp;Back</source>
      <translation>&amp;Zurück</translation>
    </message>
    <message>
      <source>&amp;Change…</source>
      <translation>&amp;Ändern…</translation>
    </message>
    <message>
      <source>&amp;Lock the window after</source>
      <translation>Das Fenster &amp;sperren nach</translation>
    </message>
    <message>
      <source>&amp;Revoke…</source>
      <translation>&amp;Widerrufen…</translation>
    </message>
    <message>
      <source>A new code is shown once; an older one opens only backups made before.</source>
      <translation>Ein neuer Code wird einmal gezeigt; ein älterer öffnet nur frühere Sicherungen.</translation>
    </message>
    <message>
      <source>A new data key</source>
      <translation>Ein neuer Datenschlüssel</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Hinzufügen</translation>
    </message>
    <message>
      <source>Add: {way}</source>
      <translation>Hinzufügen: {way}</translation>
    </message>
    <message>
      <source>Change</source>
      <translation>Ändern</translation>
    </message>
    <message>
      <source>Change: {way}</source>
      <translation>Ändern: {way}</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <source>Encrypt anew</source>
      <translation>Neu verschlüsseln</translation>
    </message>
    <message>
      <source>Encrypting anew</source>
      <translation>Wird neu verschlüsselt</translation>
    </message>
    <message>
      <source>Enter the passphrase of now: it shows that it is you.</source>
      <translation>Geben Sie die jetzige Passphrase ein: Sie zeigt, dass Sie es sind.</translation>
    </message>
    <message>
      <source>For when a key may be known to somebody who must not read on. Everything is encrypted anew; that takes as much room again on the disk, and nobody else may have the workspace open. Passphrase and keychain stay as they are, a recovery code is replaced. Backups made before keep the old key.</source>
      <translation>Wenn jemand einen Schlüssel kennen könnte, der nicht weiterlesen darf. Alles wird neu verschlüsselt; das braucht noch einmal so viel Platz, und niemand sonst darf den Arbeitsbereich offen haben. Passphrase und Schlüsselbund bleiben, ein Wiederherstellungscode wird ersetzt. Frühere Sicherungen behalten den alten Schlüssel.</translation>
    </message>
    <message>
      <source>It will not open the workspace any more; {count} other ways stay. Older backups keep it.</source>
      <translation>Er öffnet den Arbeitsbereich dann nicht mehr; {count} andere Zugänge bleiben. Ältere Sicherungen behalten ihn.</translation>
    </message>
    <message>
      <source>Kept by</source>
      <translation>Bewahrt von</translation>
    </message>
    <message>
      <source>Keys of the workspace</source>
      <translation>Schlüssel des Arbeitsbereichs</translation>
    </message>
    <message>
      <source>Last used here</source>
      <translation>Hier zuletzt benutzt</translation>
    </message>
    <message>
      <source>Lock</source>
      <translation>Sperre</translation>
    </message>
    <message>
      <source>Lock the window after</source>
      <translation>Das Fenster sperren nach</translation>
    </message>
    <message>
      <source>New &amp;data key…</source>
      <translation>Neuer &amp;Datenschlüssel…</translation>
    </message>
    <message>
      <source>New recovery code</source>
      <translation>Neuer Wiederherstellungscode</translation>
    </message>
    <message>
      <source>Passphrase of now</source>
      <translation>Jetzige Passphrase</translation>
    </message>
    <message>
      <source>Progress of encrypting</source>
      <translation>Fortschritt der Verschlüsselung</translation>
    </message>
    <message>
      <source>Revoke</source>
      <translation>Widerrufen</translation>
    </message>
    <message>
      <source>Revoke: {way}</source>
      <translation>Widerrufen: {way}</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Stand</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>The keychain of this computer opens the workspace for you when you are logged in.</source>
      <translation>Der Schlüsselbund dieses Computers öffnet den Arbeitsbereich, wenn Sie angemeldet sind.</translation>
    </message>
    <message>
      <source>The model goes on &amp;judging behind the lock</source>
      <translation>Das Modell &amp;urteilt hinter der Sperre weiter</translation>
    </message>
    <message>
      <source>The new passphrase opens the workspace; an older one only backups made before.</source>
      <translation>Die neue Passphrase öffnet den Arbeitsbereich; eine ältere nur frühere Sicherungen.</translation>
    </message>
    <message>
      <source>The workspace is closed meanwhile. Whatever happens now, it opens as before or as after: stopping changes nothing.</source>
      <translation>Der Arbeitsbereich ist so lange geschlossen. Was auch geschieht, er öffnet sich wie vorher oder wie nachher: Anhalten ändert nichts.</translation>
    </message>
    <message>
      <source>Way in</source>
      <translation>Zugang</translation>
    </message>
    <message>
      <source>Ways to open the workspace</source>
      <translation>Zugänge zum Arbeitsbereich</translation>
    </message>
    <message>
      <source>What opens this workspace</source>
      <translation>Was diesen Arbeitsbereich öffnet</translation>
    </message>
    <message>
      <source>never</source>
      <translation>nie</translation>
    </message>
    <message>
      <source>not set</source>
      <translation>nicht gesetzt</translation>
    </message>
    <message>
      <source>set</source>
      <translation>gesetzt</translation>
    </message>
    <message>
      <source>set on {date}</source>
      <translation>gesetzt am {date}</translation>
    </message>
    <message>
      <source>without a key or a click</source>
      <translation>ohne Taste oder Klick</translation>
    </message>
  </context>
  <context>
    <name>KeysPage</name>
    <message>
      <source>Actions and their keys</source>
      <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
      <source>All usual keys</source>
      <translation>Alle üblichen Tasten</translation>
    </message>
    <message>
      <source>Choose an action, then press the key it should have.</source>
      <translation>Wählen Sie eine Aktion, dann drücken Sie die Taste dafür.</translation>
    </message>
    <message>
      <source>Its usual key belongs to: {words}</source>
      <translation>Die übliche Taste gehört zu: {words}</translation>
    </message>
    <message>
      <source>New key</source>
      <translation>Neue Taste</translation>
    </message>
    <message>
      <source>Use this key</source>
      <translation>Diese Taste nehmen</translation>
    </message>
    <message>
      <source>Usual key</source>
      <translation>Übliche Taste</translation>
    </message>
    <message>
      <source>the labels</source>
      <translation>den Labels</translation>
    </message>
    <message>
      <source>{key} belongs to: {words}</source>
      <translation>{key} gehört zu: {words}</translation>
    </message>
  </context>
  <context>
    <name>KeysStep</name>
    <message>
      <source>A &amp;passphrase that you type</source>
      <translation>Eine &amp;Passphrase, die Sie eingeben</translation>
    </message>
    <message>
      <source>Choose at least one.</source>
      <translation>Wählen Sie mindestens einen.</translation>
    </message>
    <message>
      <source>Create the workspace</source>
      <translation>Arbeitsbereich anlegen</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Schlüssel</translation>
    </message>
    <message>
      <source>The workspace is encrypted. Whoever has one of its keys can read it; without one nobody can.</source>
      <translation>Der Arbeitsbereich ist verschlüsselt. Wer einen seiner Schlüssel hat, kann ihn lesen; ohne einen kann es niemand.</translation>
    </message>
    <message>
      <source>They are changed under File, Keys: there a lost recovery code is replaced, too.</source>
      <translation>Geändert werden sie unter Datei, Schlüssel: Dort wird auch ein verlorener Wiederherstellungscode ersetzt.</translation>
    </message>
    <message>
      <source>This computer has no keychain Docket can use, so the passphrase is the only way in: keep it safe.</source>
      <translation>Dieser Computer hat keinen Schlüsselbund, den Docket nutzen kann; die Passphrase ist also der einzige Zugang: Bewahren Sie sie gut auf.</translation>
    </message>
    <message>
      <source>This computer's &amp;keychain: opens by itself when you are logged in</source>
      <translation>Der &amp;Schlüsselbund dieses Computers: öffnet von selbst, wenn Sie angemeldet sind</translation>
    </message>
    <message>
      <source>This workspace opens with:</source>
      <translation>Dieser Arbeitsbereich öffnet sich mit:</translation>
    </message>
    <message>
      <source>What opens it?</source>
      <translation>Was öffnet ihn?</translation>
    </message>
    <message>
      <source>With both, the passphrase opens the workspace on another computer, or from a backup.</source>
      <translation>Mit beiden öffnet die Passphrase den Arbeitsbereich auch auf einem anderen Computer oder aus einer Sicherung.</translation>
    </message>
  </context>
  <context>
    <name>Library</name>
    <message>
      <source>disagreements: {count}</source>
      <translation>Abweichungen: {count}</translation>
    </message>
    <message>
      <source>draft</source>
      <translation>Entwurf</translation>
    </message>
    <message>
      <source>errors: {count}</source>
      <translation>Fehler: {count}</translation>
    </message>
    <message>
      <source>lint clean</source>
      <translation>Lint ohne Befund</translation>
    </message>
    <message>
      <source>never tested</source>
      <translation>nie getestet</translation>
    </message>
    <message>
      <source>not published yet</source>
      <translation>noch nicht veröffentlicht</translation>
    </message>
    <message>
      <source>tested {day}: {fixed} fixed, {broken} broken</source>
      <translation>getestet {day}: {fixed} behoben, {broken} kaputt</translation>
    </message>
    <message>
      <source>warnings: {count}</source>
      <translation>Warnungen: {count}</translation>
    </message>
  </context>
  <context>
    <name>Listing</name>
    <message>
      <source>not in this list</source>
      <translation>nicht in dieser Liste</translation>
    </message>
    <message>
      <source>{place} of {count}</source>
      <translation>{place} von {count}</translation>
    </message>
  </context>
  <context>
    <name>LockView</name>
    <message>
      <source>Close workspace</source>
      <translation>Arbeitsbereich schließen</translation>
    </message>
    <message>
      <source>Enter the passphrase of this workspace.</source>
      <translation>Geben Sie die Passphrase dieses Arbeitsbereichs ein.</translation>
    </message>
    <message>
      <source>Enter the passphrase, or leave it empty to use this computer's keychain.</source>
      <translation>Geben Sie die Passphrase ein, oder lassen Sie das Feld leer für den Schlüsselbund dieses Rechners.</translation>
    </message>
    <message>
      <source>Locked</source>
      <translation>Gesperrt</translation>
    </message>
    <message>
      <source>Passphrase</source>
      <translation>Passphrase</translation>
    </message>
    <message>
      <source>This computer's keychain holds the key.</source>
      <translation>Der Schlüsselbund dieses Rechners hat den Schlüssel.</translation>
    </message>
    <message>
      <source>Unlock</source>
      <translation>Entsperren</translation>
    </message>
  </context>
  <context>
    <name>LookPage</name>
    <message>
      <source>Colours</source>
      <translation>Farben</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <source>Size and language change when Docket is started again. {key_larger} enlarges the reading text at once.</source>
      <translation>Größe und Sprache wechseln beim nächsten Start von Docket. {key_larger} vergrößert den Lesetext sofort.</translation>
    </message>
    <message>
      <source>Size of everything</source>
      <translation>Größe von allem</translation>
    </message>
    <message>
      <source>Without colours: shapes and words say the same</source>
      <translation>Ohne Farben: Formen und Wörter sagen dasselbe</translation>
    </message>
    <message>
      <source>as the system</source>
      <translation>wie das System</translation>
    </message>
    <message>
      <source>dark</source>
      <translation>dunkel</translation>
    </message>
    <message>
      <source>high contrast</source>
      <translation>hoher Kontrast</translation>
    </message>
    <message>
      <source>light</source>
      <translation>hell</translation>
    </message>
  </context>
  <context>
    <name>MachineModels</name>
    <message>
      <source>Check</source>
      <translation>Prüfung</translation>
    </message>
    <message>
      <source>Damaged</source>
      <translation>Beschädigt</translation>
    </message>
    <message>
      <source>Detail</source>
      <translation>Einzelheit</translation>
    </message>
    <message>
      <source>Failed</source>
      <translation>Gescheitert</translation>
    </message>
    <message>
      <source>In use</source>
      <translation>In Gebrauch</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>No</source>
      <translation>Nein</translation>
    </message>
    <message>
      <source>Not here</source>
      <translation>Nicht hier</translation>
    </message>
    <message>
      <source>Paused at {share}%</source>
      <translation>Angehalten bei {share} %</translation>
    </message>
    <message>
      <source>Ready</source>
      <translation>Bereit</translation>
    </message>
    <message>
      <source>Result</source>
      <translation>Ergebnis</translation>
    </message>
    <message>
      <source>Runs here</source>
      <translation>Läuft hier</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>Sound</source>
      <translation>In Ordnung</translation>
    </message>
    <message>
      <source>Speed</source>
      <translation>Tempo</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>Tight</source>
      <translation>Knapp</translation>
    </message>
    <message>
      <source>Yes</source>
      <translation>Ja</translation>
    </message>
    <message>
      <source>not measured</source>
      <translation>nicht gemessen</translation>
    </message>
    <message>
      <source>{count} items/h</source>
      <translation>{count} Einträge/h</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source>Opening…</source>
      <translation>Wird geöffnet…</translation>
    </message>
    <message>
      <source>Preparing the sample…</source>
      <translation>Beispiel wird vorbereitet…</translation>
    </message>
    <message>
      <source>Sample workspace</source>
      <translation>Beispiel-Arbeitsbereich</translation>
    </message>
    <message>
      <source>This page</source>
      <translation>Diese Seite</translation>
    </message>
    <message>
      <source>{name} · open · reviewer {reviewer}</source>
      <translation>{name} · offen · prüfend: {reviewer}</translation>
    </message>
    <message>
      <source>{name} – Docket</source>
      <translation>{name} – Docket</translation>
    </message>
  </context>
  <context>
    <name>Mending</name>
    <message>
      <source>Discarded: {count}.</source>
      <translation>Verworfen: {count}.</translation>
    </message>
    <message>
      <source>In: {came}.</source>
      <translation>Übernommen: {came}.</translation>
    </message>
    <message>
      <source>In: {came}. Still refused: {still}.</source>
      <translation>Übernommen: {came}. Noch abgelehnt: {still}.</translation>
    </message>
    <message>
      <source>Written to {name}: {count}.</source>
      <translation>Nach {name} geschrieben: {count}.</translation>
    </message>
  </context>
  <context>
    <name>Model</name>
    <message>
      <source>{size} GiB</source>
      <translation>{size} GiB</translation>
    </message>
    <message>
      <source>{size} MiB</source>
      <translation>{size} MiB</translation>
    </message>
  </context>
  <context>
    <name>ModelDetails</name>
    <message>
      <source>File: {path}</source>
      <translation>Datei: {path}</translation>
    </message>
    <message>
      <source>Measured: {items} items in {seconds} s at low effort, {tokens} tokens written.</source>
      <translation>Gemessen: {items} Einträge in {seconds} s bei geringem Aufwand, {tokens} Token geschrieben.</translation>
    </message>
    <message>
      <source>Memory while judging: {size}</source>
      <translation>Speicher beim Urteilen: {size}</translation>
    </message>
    <message>
      <source>Progress of the job</source>
      <translation>Fortschritt des Auftrags</translation>
    </message>
    <message>
      <source>Prompt format: {name}</source>
      <translation>Eingabeformat: {name}</translation>
    </message>
    <message>
      <source>The model in the row</source>
      <translation>Das Modell der Zeile</translation>
    </message>
    <message>
      <source>unknown</source>
      <translation>unbekannt</translation>
    </message>
  </context>
  <context>
    <name>ModelDialog</name>
    <message>
      <source>Any OpenAI-compatible server: the address ends in /v1, then # and the name of the model.</source>
      <translation>Ein OpenAI-kompatibler Server: die Adresse endet auf /v1, dann # und der Name des Modells.</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Choose a model, or give the address of a server.</source>
      <translation>Wählen Sie ein Modell, oder nennen Sie die Adresse eines Servers.</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Models on this machine</source>
      <translation>Modelle auf diesem Rechner</translation>
    </message>
    <message>
      <source>Or a &amp;server</source>
      <translation>Oder ein &amp;Server</translation>
    </message>
    <message>
      <source>Server</source>
      <translation>Server</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>The address of a server begins with http:// or https://.</source>
      <translation>Die Adresse eines Servers beginnt mit http:// oder https://.</translation>
    </message>
    <message>
      <source>Use this model</source>
      <translation>Dieses Modell nehmen</translation>
    </message>
    <message>
      <source>Which model judges</source>
      <translation>Welches Modell urteilt</translation>
    </message>
    <message>
      <source>no prompt format is known for it</source>
      <translation>kein Eingabeformat dafür bekannt</translation>
    </message>
    <message>
      <source>not on this machine</source>
      <translation>nicht auf diesem Rechner</translation>
    </message>
  </context>
  <context>
    <name>ModelJobs</name>
    <message>
      <source>Checking</source>
      <translation>Prüfen</translation>
    </message>
    <message>
      <source>Comparing</source>
      <translation>Vergleichen</translation>
    </message>
    <message>
      <source>Fetching</source>
      <translation>Laden</translation>
    </message>
    <message>
      <source>Judging four sample items…</source>
      <translation>Vier Beispieleinträge werden beurteilt…</translation>
    </message>
    <message>
      <source>Ready: {name}</source>
      <translation>Bereit: {name}</translation>
    </message>
    <message>
      <source>Starting…</source>
      <translation>Startet…</translation>
    </message>
    <message>
      <source>The file is as it came.</source>
      <translation>Die Datei ist, wie sie kam.</translation>
    </message>
    <message>
      <source>Written: {name}</source>
      <translation>Geschrieben: {name}</translation>
    </message>
    <message>
      <source>{done} of {total}</source>
      <translation>{done} von {total}</translation>
    </message>
    <message>
      <source>{time} left</source>
      <translation>noch {time}</translation>
    </message>
  </context>
  <context>
    <name>ModelStep</name>
    <message>
      <source>&amp;Download one…</source>
      <translation>Eines &amp;herunterladen…</translation>
    </message>
    <message>
      <source>A &amp;file from disk…</source>
      <translation>Eine &amp;Datei…</translation>
    </message>
    <message>
      <source>Add a model file</source>
      <translation>Modelldatei hinzufügen</translation>
    </message>
    <message>
      <source>It is not on this machine yet. Download it, or choose another for now.</source>
      <translation>Es ist noch nicht auf diesem Rechner. Laden Sie es herunter, oder wählen Sie vorerst ein anderes.</translation>
    </message>
    <message>
      <source>It reads your policy and every item on this machine, and nothing of it goes anywhere. The sample model shows the way but is near chance; gpt-oss-safeguard is the one Docket is made for.</source>
      <translation>Es liest Ihre Richtlinie und jeden Eintrag auf diesem Rechner, und nichts davon verlässt ihn. Das Beispielmodell zeigt den Weg, liegt aber nahe am Zufall; gpt-oss-safeguard ist das Modell, für das Docket gemacht ist.</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Models (*.gguf);;All files (*)</source>
      <translation>Modelle (*.gguf);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Progress of the job</source>
      <translation>Fortschritt des Auftrags</translation>
    </message>
    <message>
      <source>Which model judges?</source>
      <translation>Welches Modell urteilt?</translation>
    </message>
  </context>
  <context>
    <name>ModelsPage</name>
    <message>
      <source>&amp;Download</source>
      <translation>&amp;Herunterladen</translation>
    </message>
    <message>
      <source>Add a file…</source>
      <translation>Datei hinzufügen…</translation>
    </message>
    <message>
      <source>Add a model file</source>
      <translation>Modelldatei hinzufügen</translation>
    </message>
    <message>
      <source>Check again</source>
      <translation>Erneut prüfen</translation>
    </message>
    <message>
      <source>Checking…</source>
      <translation>Wird geprüft…</translation>
    </message>
    <message>
      <source>Checks of this machine</source>
      <translation>Prüfungen dieses Rechners</translation>
    </message>
    <message>
      <source>Docket goes on the network for this only, and sends nothing of your workspace. The file is used once its SHA-256 is right. Stopping keeps what came.</source>
      <translation>Docket geht nur dafür ins Netz und sendet nichts aus Ihrem Arbeitsbereich. Die Datei wird benutzt, sobald ihre SHA-256 stimmt. Beim Anhalten bleibt, was kam.</translation>
    </message>
    <message>
      <source>Download a model</source>
      <translation>Modell herunterladen</translation>
    </message>
    <message>
      <source>Download {name}, about {size}?</source>
      <translation>{name} herunterladen, etwa {size}?</translation>
    </message>
    <message>
      <source>Download…</source>
      <translation>Herunterladen…</translation>
    </message>
    <message>
      <source>Everything Docket needs is here.</source>
      <translation>Alles, was Docket braucht, ist da.</translation>
    </message>
    <message>
      <source>Graphics card…</source>
      <translation>Grafikkarte…</translation>
    </message>
    <message>
      <source>Measure speed</source>
      <translation>Tempo messen</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Models (*.gguf);;All files (*)</source>
      <translation>Modelle (*.gguf);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>Report for support</source>
      <translation>Bericht für den Support</translation>
    </message>
    <message>
      <source>Report for support…</source>
      <translation>Bericht für den Support…</translation>
    </message>
    <message>
      <source>Resume…</source>
      <translation>Fortsetzen…</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>The machine has not been checked yet.</source>
      <translation>Die Maschine wurde noch nicht geprüft.</translation>
    </message>
    <message>
      <source>This machine</source>
      <translation>Dieser Rechner</translation>
    </message>
    <message>
      <source>Use for judging</source>
      <translation>Zum Urteilen nehmen</translation>
    </message>
    <message>
      <source>Verify bytes</source>
      <translation>Bytes prüfen</translation>
    </message>
    <message>
      <source>What judges on this machine, and what could.</source>
      <translation>Was auf diesem Rechner urteilt und was es könnte.</translation>
    </message>
    <message>
      <source>Working…</source>
      <translation>In Arbeit…</translation>
    </message>
    <message>
      <source>ZIP (*.zip)</source>
      <translation>ZIP (*.zip)</translation>
    </message>
    <message>
      <source>{count} of {total} need attention.</source>
      <translation>{count} von {total} brauchen Aufmerksamkeit.</translation>
    </message>
    <message>
      <source>{name} judges from now on.</source>
      <translation>Ab jetzt urteilt {name}.</translation>
    </message>
  </context>
  <context>
    <name>NewPassphrase</name>
    <message>
      <source>New passphrase</source>
      <translation>Neue Passphrase</translation>
    </message>
    <message>
      <source>Once more</source>
      <translation>Noch einmal</translation>
    </message>
    <message>
      <source>The two passphrases differ.</source>
      <translation>Die beiden Passphrasen sind verschieden.</translation>
    </message>
    <message>
      <source>Use {count} characters or more.</source>
      <translation>Nehmen Sie {count} Zeichen oder mehr.</translation>
    </message>
  </context>
  <context>
    <name>NoteStrip</name>
    <message>
      <source>A note for the decision you make next on this item</source>
      <translation>Eine Notiz zur nächsten Entscheidung über diesen Eintrag</translation>
    </message>
    <message>
      <source>Enter keeps it · Esc drops the change</source>
      <translation>Eingabe behält sie · Esc verwirft die Änderung</translation>
    </message>
    <message>
      <source>Note for the decision on this item</source>
      <translation>Notiz zur Entscheidung über diesen Eintrag</translation>
    </message>
  </context>
  <context>
    <name>NoticeBar</name>
    <message>
      <source>Copy details</source>
      <translation>Details kopieren</translation>
    </message>
    <message>
      <source>Dismiss</source>
      <translation>Ausblenden</translation>
    </message>
    <message>
      <source>Notice</source>
      <translation>Hinweis</translation>
    </message>
    <message>
      <source>What can be done about it</source>
      <translation>Was sich tun lässt</translation>
    </message>
  </context>
  <context>
    <name>OrderNote</name>
    <message>
      <source>No second opinion ({key_go_insight})</source>
      <translation>Keine zweite Meinung ({key_go_insight})</translation>
    </message>
    <message>
      <source>The second opinion has not scored {n} open items: new ones, or ones whose decision was taken back. They stand at the end. Score the queue on the page Insight.</source>
      <translation>Die zweite Meinung hat {n} offene Beiträge noch nicht bewertet: neue, oder solche, deren Entscheidung zurückgenommen wurde. Sie stehen am Ende. Bewerten Sie die Warteschlange auf der Seite Einblick.</translation>
    </message>
    <message>
      <source>There is no second opinion to expect a disagreement, so this order is the same as oldest first. Train one on the page Insight, then score the queue.</source>
      <translation>Ohne zweite Meinung lässt sich keine Abweichung erwarten, darum ist diese Reihenfolge die nach Alter. Trainieren Sie eine auf der Seite Einblick und bewerten Sie dann die Warteschlange.</translation>
    </message>
    <message>
      <source>{n} not scored, at the end ({key_go_insight})</source>
      <translation>{n} ohne Wert, am Ende ({key_go_insight})</translation>
    </message>
  </context>
  <context>
    <name>OverrideStrip</name>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Cancel  Esc</source>
      <translation>Abbrechen  Esc</translation>
    </message>
    <message>
      <source>Choose a cause: keys 1 to 6.</source>
      <translation>Wählen Sie einen Grund: Tasten 1 bis 6.</translation>
    </message>
    <message>
      <source>Clause (R): id or words, optional</source>
      <translation>Klausel (R): Kennung oder Wörter, freiwillig</translation>
    </message>
    <message>
      <source>Clause of the policy</source>
      <translation>Klausel der Richtlinie</translation>
    </message>
    <message>
      <source>Decide</source>
      <translation>Entscheiden</translation>
    </message>
    <message>
      <source>Decide  Enter</source>
      <translation>Entscheiden  Eingabe</translation>
    </message>
    <message>
      <source>Give a cause (1 to 6) or a note (N).</source>
      <translation>Geben Sie einen Grund (1 bis 6) oder eine Notiz (N).</translation>
    </message>
    <message>
      <source>Matching clauses</source>
      <translation>Passende Klauseln</translation>
    </message>
    <message>
      <source>No clause of that id. Pick one from the list, or leave it empty.</source>
      <translation>Keine Klausel mit dieser Kennung. Wählen Sie eine aus der Liste, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
      <source>Note (N)</source>
      <translation>Notiz (N)</translation>
    </message>
    <message>
      <source>Note (N), optional</source>
      <translation>Notiz (N), freiwillig</translation>
    </message>
    <message>
      <source>Note on this decision</source>
      <translation>Notiz zu dieser Entscheidung</translation>
    </message>
    <message>
      <source>Say in a note why (N).</source>
      <translation>Begründen Sie es in einer Notiz (N).</translation>
    </message>
    <message>
      <source>Why do you differ from the model?</source>
      <translation>Warum weichen Sie vom Modell ab?</translation>
    </message>
    <message>
      <source>{number}  {cause}</source>
      <translation>{number}  {cause}</translation>
    </message>
  </context>
  <context>
    <name>Pages</name>
    <message>
      <source>Insight</source>
      <translation>Einblick</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Policies</source>
      <translation>Richtlinien</translation>
    </message>
    <message>
      <source>Review</source>
      <translation>Prüfen</translation>
    </message>
  </context>
  <context>
    <name>Personal</name>
    <message>
      <source>In seven days</source>
      <translation>In sieben Tagen</translation>
    </message>
    <message>
      <source>In thirty days</source>
      <translation>In dreißig Tagen</translation>
    </message>
    <message>
      <source>Seen today</source>
      <translation>Heute gesehen</translation>
    </message>
    <message>
      <source>Size and language change when Docket is started again.</source>
      <translation>Größe und Sprache wechseln beim nächsten Start von Docket.</translation>
    </message>
    <message>
      <source>nothing</source>
      <translation>nichts</translation>
    </message>
    <message>
      <source>severity unknown</source>
      <translation>Schwere unbekannt</translation>
    </message>
    <message>
      <source>severity {severity}</source>
      <translation>Schwere {severity}</translation>
    </message>
    <message>
      <source>{count} × {severity}</source>
      <translation>{count} × {severity}</translation>
    </message>
  </context>
  <context>
    <name>PinnedNote</name>
    <message>
      <source>{title} · back to the queue</source>
      <translation>{title} · zur Warteschlange</translation>
    </message>
  </context>
  <context>
    <name>PlaceStep</name>
    <message>
      <source>A team shares a workspace on a server: its address, postgresql+psycopg://…, goes into “Kept in”.</source>
      <translation>Ein Team teilt sich einen Arbeitsbereich auf einem Server: Seine Adresse, postgresql+psycopg://…, gehört in „Liegt in“.</translation>
    </message>
    <message>
      <source>A workspace is an encrypted folder on this machine with the queue, the policies and every decision. Nothing leaves it unless you export it.</source>
      <translation>Ein Arbeitsbereich ist ein verschlüsselter Ordner auf diesem Rechner mit der Warteschlange, den Richtlinien und jeder Entscheidung. Nichts verlässt ihn, es sei denn, Sie exportieren es.</translation>
    </message>
    <message>
      <source>Browse…</source>
      <translation>Durchsuchen…</translation>
    </message>
    <message>
      <source>Docket makes {folder}</source>
      <translation>Docket legt {folder} an</translation>
    </message>
    <message>
      <source>Give it a name that can be that of a folder.</source>
      <translation>Geben Sie einen Namen, den ein Ordner haben kann.</translation>
    </message>
    <message>
      <source>Kept in</source>
      <translation>Liegt in</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Name a folder.</source>
      <translation>Nennen Sie einen Ordner.</translation>
    </message>
    <message>
      <source>This workspace is open: {folder}</source>
      <translation>Dieser Arbeitsbereich ist offen: {folder}</translation>
    </message>
    <message>
      <source>Where is the work kept?</source>
      <translation>Wo liegt die Arbeit?</translation>
    </message>
    <message>
      <source>Where the workspace is kept</source>
      <translation>Wo der Arbeitsbereich liegt</translation>
    </message>
    <message>
      <source>Workspace</source>
      <translation>Arbeitsbereich</translation>
    </message>
  </context>
  <context>
    <name>PoliciesPage</name>
    <message>
      <source> · not saved</source>
      <translation> · nicht gespeichert</translation>
    </message>
    <message>
      <source>Accept the draft</source>
      <translation>Entwurf annehmen</translation>
    </message>
    <message>
      <source>Begin a draft</source>
      <translation>Entwurf beginnen</translation>
    </message>
    <message>
      <source>Cases of {policy}</source>
      <translation>Fälle von {policy}</translation>
    </message>
    <message>
      <source>Disagreements</source>
      <translation>Abweichungen</translation>
    </message>
    <message>
      <source>Discard…</source>
      <translation>Verwerfen…</translation>
    </message>
    <message>
      <source>History</source>
      <translation>Verlauf</translation>
    </message>
    <message>
      <source>Policies</source>
      <translation>Richtlinien</translation>
    </message>
    <message>
      <source>Policy</source>
      <translation>Richtlinie</translation>
    </message>
    <message>
      <source>Publish…</source>
      <translation>Veröffentlichen…</translation>
    </message>
    <message>
      <source>Reading the disagreements…</source>
      <translation>Abweichungen werden gelesen…</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>Speichern</translation>
    </message>
    <message>
      <source>Test</source>
      <translation>Test</translation>
    </message>
    <message>
      <source>Text</source>
      <translation>Text</translation>
    </message>
    <message>
      <source>The item is an example in the draft.</source>
      <translation>Der Eintrag ist ein Beispiel im Entwurf.</translation>
    </message>
    <message>
      <source>The item is in the golden set.</source>
      <translation>Der Eintrag ist im Goldsatz.</translation>
    </message>
    <message>
      <source>What is open</source>
      <translation>Was offen ist</translation>
    </message>
    <message>
      <source>What of the policy</source>
      <translation>Was von der Richtlinie</translation>
    </message>
    <message>
      <source>draft {name}, {by}, beside {version}</source>
      <translation>Entwurf {name}, {by}, neben {version}</translation>
    </message>
    <message>
      <source>no version yet</source>
      <translation>noch keine Version</translation>
    </message>
    <message>
      <source>version {number}</source>
      <translation>Version {number}</translation>
    </message>
    <message>
      <source>written by the model</source>
      <translation>vom Modell geschrieben</translation>
    </message>
    <message>
      <source>{clause} is said anew in the draft.</source>
      <translation>{clause} ist im Entwurf neu gesagt.</translation>
    </message>
    <message>
      <source>{version}, published; begin a draft to change it</source>
      <translation>{version}, veröffentlicht; zum Ändern einen Entwurf beginnen</translation>
    </message>
  </context>
  <context>
    <name>PolicyBench</name>
    <message>
      <source>  {low} to {high}</source>
      <translation>  {low} bis {high}</translation>
    </message>
    <message>
      <source> · McNemar p {p}</source>
      <translation> · McNemar p {p}</translation>
    </message>
    <message>
      <source>Before</source>
      <translation>Vorher</translation>
    </message>
    <message>
      <source>Case set</source>
      <translation>Fallsatz</translation>
    </message>
    <message>
      <source>Cases</source>
      <translation>Fälle</translation>
    </message>
    <message>
      <source>Cases of the run</source>
      <translation>Fälle des Laufs</translation>
    </message>
    <message>
      <source>Change</source>
      <translation>Änderung</translation>
    </message>
    <message>
      <source>Freeze decisions</source>
      <translation>Entscheidungen einfrieren</translation>
    </message>
    <message>
      <source>No case set holds cases of this policy yet. Freeze the decisions to test on.</source>
      <translation>Noch kein Fallsatz enthält Fälle dieser Richtlinie. Frieren Sie Entscheidungen ein, um daran zu testen.</translation>
    </message>
    <message>
      <source>No test of this policy yet.</source>
      <translation>Noch kein Test dieser Richtlinie.</translation>
    </message>
    <message>
      <source>Open on the desk</source>
      <translation>Am Prüfplatz öffnen</translation>
    </message>
    <message>
      <source>Progress of the test</source>
      <translation>Fortschritt des Tests</translation>
    </message>
    <message>
      <source>Run the test</source>
      <translation>Test ausführen</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>The case and what was said of it</source>
      <translation>Der Fall und was dazu gesagt wurde</translation>
    </message>
    <message>
      <source>This text</source>
      <translation>Dieser Text</translation>
    </message>
    <message>
      <source>Tokens</source>
      <translation>Token</translation>
    </message>
    <message>
      <source>Which cases</source>
      <translation>Welche Fälle</translation>
    </message>
    <message>
      <source>{cases} cases of {name} · {model} · {day} by {who}</source>
      <translation>{cases} Fälle aus {name} · {model} · {day} von {who}</translation>
    </message>
    <message>
      <source>{name} · {count} cases</source>
      <translation>{name} · {count} Fälle</translation>
    </message>
  </context>
  <context>
    <name>PolicyDrafting</name>
    <message>
      <source>&amp;Discard</source>
      <translation>&amp;Verwerfen</translation>
    </message>
    <message>
      <source>A draft is open; the published version stays as it is.</source>
      <translation>Ein Entwurf ist offen; die veröffentlichte Version bleibt, wie sie ist.</translation>
    </message>
    <message>
      <source>Discard the draft</source>
      <translation>Entwurf verwerfen</translation>
    </message>
    <message>
      <source>Published. The queue is judged by the new version from now on.</source>
      <translation>Veröffentlicht. Ab jetzt urteilt die neue Version über die Warteschlange.</translation>
    </message>
    <message>
      <source>The draft is gone.</source>
      <translation>Der Entwurf ist weg.</translation>
    </message>
    <message>
      <source>The draft is saved.</source>
      <translation>Der Entwurf ist gespeichert.</translation>
    </message>
    <message>
      <source>The draft is thrown away; the published version stays as it is.</source>
      <translation>Der Entwurf wird verworfen; die veröffentlichte Version bleibt, wie sie ist.</translation>
    </message>
    <message>
      <source>The draft is yours now.</source>
      <translation>Der Entwurf gehört jetzt Ihnen.</translation>
    </message>
  </context>
  <context>
    <name>PolicyEditor</name>
    <message>
      <source> (sure fix: {fix})</source>
      <translation> (sichere Korrektur: {fix})</translation>
    </message>
    <message>
      <source>Clauses</source>
      <translation>Klauseln</translation>
    </message>
    <message>
      <source>Lint ({key}): {errors} to mend, {warnings} to weigh</source>
      <translation>Lint ({key}): {errors} zu beheben, {warnings} abzuwägen</translation>
    </message>
    <message>
      <source>Lint: nothing found</source>
      <translation>Lint: nichts gefunden</translation>
    </message>
    <message>
      <source>Not a policy yet</source>
      <translation>Noch keine Richtlinie</translation>
    </message>
    <message>
      <source>Text of the policy</source>
      <translation>Text der Richtlinie</translation>
    </message>
    <message>
      <source>Tokens</source>
      <translation>Token</translation>
    </message>
    <message>
      <source>What lint found</source>
      <translation>Was Lint fand</translation>
    </message>
    <message>
      <source>about {count} tokens</source>
      <translation>etwa {count} Token</translation>
    </message>
    <message>
      <source>{code} line {line}: {reason}{sure}</source>
      <translation>{code} Zeile {line}: {reason}{sure}</translation>
    </message>
    <message>
      <source>{count} tokens</source>
      <translation>{count} Token</translation>
    </message>
    <message>
      <source>{low} to {high} are recommended</source>
      <translation>{low} bis {high} sind empfohlen</translation>
    </message>
  </context>
  <context>
    <name>PolicyHistory</name>
    <message>
      <source>Draft {name}</source>
      <translation>Entwurf {name}</translation>
    </message>
    <message>
      <source>No difference.</source>
      <translation>Kein Unterschied.</translation>
    </message>
    <message>
      <source>Nothing to compare with: this is the first text.</source>
      <translation>Nichts zum Vergleichen: dies ist der erste Text.</translation>
    </message>
    <message>
      <source>Only what changed</source>
      <translation>Nur was sich änderte</translation>
    </message>
    <message>
      <source>Version {number}</source>
      <translation>Version {number}</translation>
    </message>
    <message>
      <source>Versions and drafts</source>
      <translation>Versionen und Entwürfe</translation>
    </message>
    <message>
      <source>the model</source>
      <translation>das Modell</translation>
    </message>
    <message>
      <source>{count} changes</source>
      <translation>{count} Änderungen</translation>
    </message>
  </context>
  <context>
    <name>PolicyPane</name>
    <message>
      <source>Choose a policy…</source>
      <translation>Richtlinie wählen…</translation>
    </message>
    <message>
      <source>Clauses of which label</source>
      <translation>Klauseln welchen Labels</translation>
    </message>
    <message>
      <source>Decide under which policy</source>
      <translation>Unter welcher Richtlinie entscheiden</translation>
    </message>
    <message>
      <source>General clauses</source>
      <translation>Allgemeine Klauseln</translation>
    </message>
    <message>
      <source>No clause of the policy is written for this label. {key_whole_policy} shows the whole policy.</source>
      <translation>Für dieses Label hat die Richtlinie keine Klausel. {key_whole_policy} zeigt die ganze Richtlinie.</translation>
    </message>
    <message>
      <source>No policy</source>
      <translation>Keine Richtlinie</translation>
    </message>
    <message>
      <source>Policy</source>
      <translation>Richtlinie</translation>
    </message>
    <message>
      <source>Policy text</source>
      <translation>Text der Richtlinie</translation>
    </message>
    <message>
      <source>Show the whole policy</source>
      <translation>Ganze Richtlinie zeigen</translation>
    </message>
    <message>
      <source>This item has no policy yet. Decide under:</source>
      <translation>Dieser Eintrag hat noch keine Richtlinie. Entscheiden unter:</translation>
    </message>
    <message>
      <source>Whole policy ({key_whole_policy})</source>
      <translation>Ganze Richtlinie ({key_whole_policy})</translation>
    </message>
    <message>
      <source>version {number}</source>
      <translation>Version {number}</translation>
    </message>
    <message>
      <source>{rule} · CITED BY THE MODEL</source>
      <translation>{rule} · VOM MODELL GENANNT</translation>
    </message>
  </context>
  <context>
    <name>PolicyRefine</name>
    <message>
      <source>Golden set</source>
      <translation>Goldsatz</translation>
    </message>
    <message>
      <source>Groups of disagreements</source>
      <translation>Gruppen von Abweichungen</translation>
    </message>
    <message>
      <source>Into the draft</source>
      <translation>In den Entwurf</translation>
    </message>
    <message>
      <source>Items of the group</source>
      <translation>Einträge der Gruppe</translation>
    </message>
    <message>
      <source>Let the model propose</source>
      <translation>Modell vorschlagen lassen</translation>
    </message>
    <message>
      <source>Make an example</source>
      <translation>Zum Beispiel machen</translation>
    </message>
    <message>
      <source>No cause given</source>
      <translation>Kein Grund genannt</translation>
    </message>
    <message>
      <source>No clause of the policy covers these items</source>
      <translation>Keine Klausel der Richtlinie deckt diese Einträge ab</translation>
    </message>
    <message>
      <source>No disagreement under this policy.</source>
      <translation>Keine Abweichung unter dieser Richtlinie.</translation>
    </message>
    <message>
      <source>Open on the desk</source>
      <translation>Am Prüfplatz öffnen</translation>
    </message>
    <message>
      <source>The clause</source>
      <translation>Die Klausel</translation>
    </message>
    <message>
      <source>content removed</source>
      <translation>Inhalt entfernt</translation>
    </message>
    <message>
      <source>human {human}, model {model}</source>
      <translation>Mensch {human}, Modell {model}</translation>
    </message>
    <message>
      <source>no clause</source>
      <translation>keine Klausel</translation>
    </message>
    <message>
      <source>{clause}, line {line}</source>
      <translation>{clause}, Zeile {line}</translation>
    </message>
    <message>
      <source>{count} items</source>
      <translation>{count} Einträge</translation>
    </message>
    <message>
      <source>{count} missed</source>
      <translation>{count} übersehen</translation>
    </message>
    <message>
      <source>{count} overdone</source>
      <translation>{count} übertrieben</translation>
    </message>
  </context>
  <context>
    <name>PolicyStep</name>
    <message>
      <source>A &amp;file of your own…</source>
      <translation>Eine eigene &amp;Datei…</translation>
    </message>
    <message>
      <source>A policy is a text with rules and labels; the model reads it word by word, and so do you. Begin with these or with a file of your own; it can be changed and tested at any time on the page Policies.</source>
      <translation>Eine Richtlinie ist ein Text mit Regeln und Labels; das Modell liest ihn Wort für Wort, und Sie auch. Beginnen Sie mit diesen oder mit einer eigenen Datei; ändern und testen können Sie sie jederzeit auf der Seite Richtlinien.</translation>
    </message>
    <message>
      <source>Add a policy</source>
      <translation>Richtlinie hinzufügen</translation>
    </message>
    <message>
      <source>Labels: {labels}</source>
      <translation>Labels: {labels}</translation>
    </message>
    <message>
      <source>Policies (*.md *.txt);;All files (*)</source>
      <translation>Richtlinien (*.md *.txt);;Alle Dateien (*)</translation>
    </message>
    <message>
      <source>Policies to judge by</source>
      <translation>Richtlinien, nach denen geurteilt wird</translation>
    </message>
    <message>
      <source>Policy</source>
      <translation>Richtlinie</translation>
    </message>
    <message>
      <source>What is it judged by?</source>
      <translation>Wonach wird geurteilt?</translation>
    </message>
    <message>
      <source>{title} (in the workspace)</source>
      <translation>{title} (im Arbeitsbereich)</translation>
    </message>
  </context>
  <context>
    <name>PolicyTrying</name>
    <message>
      <source>BEFORE</source>
      <translation>VORHER</translation>
    </message>
    <message>
      <source>CONTENT</source>
      <translation>INHALT</translation>
    </message>
    <message>
      <source>Content removed.</source>
      <translation>Inhalt entfernt.</translation>
    </message>
    <message>
      <source>Loading the model…</source>
      <translation>Modell wird geladen…</translation>
    </message>
    <message>
      <source>NOW</source>
      <translation>JETZT</translation>
    </message>
    <message>
      <source>The answer is not kept any more.</source>
      <translation>Die Antwort ist nicht mehr da.</translation>
    </message>
    <message>
      <source>The decisions are frozen as “{name}”.</source>
      <translation>Die Entscheidungen sind als „{name}“ eingefroren.</translation>
    </message>
    <message>
      <source>The model's proposal is a draft; read it before you accept it.</source>
      <translation>Der Vorschlag des Modells ist ein Entwurf; lesen Sie ihn, bevor Sie ihn annehmen.</translation>
    </message>
    <message>
      <source>{count} answers needed, {reused} are there already</source>
      <translation>{count} Antworten nötig, {reused} sind schon da</translation>
    </message>
    <message>
      <source>{done} of {total} answers</source>
      <translation>{done} von {total} Antworten</translation>
    </message>
  </context>
  <context>
    <name>PreferencesDialog</name>
    <message>
      <source>&amp;Care</source>
      <translation>&amp;Fürsorge</translation>
    </message>
    <message>
      <source>&amp;Keys</source>
      <translation>&amp;Tasten</translation>
    </message>
    <message>
      <source>&amp;Look and language</source>
      <translation>&amp;Aussehen und Sprache</translation>
    </message>
    <message>
      <source>&amp;Review</source>
      <translation>&amp;Prüfen</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Pages of preferences</source>
      <translation>Seiten der Einstellungen</translation>
    </message>
    <message>
      <source>Preferences</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>Speichern</translation>
    </message>
  </context>
  <context>
    <name>Prepared</name>
    <message>
      <source>(nothing)</source>
      <translation>(nichts)</translation>
    </message>
    <message>
      <source>DETAIL</source>
      <translation>EINZELHEIT</translation>
    </message>
    <message>
      <source>OTHER VERDICTS ON THIS ITEM</source>
      <translation>WEITERE URTEILE ZU DIESEM EINTRAG</translation>
    </message>
    <message>
      <source>PARENT COMMENT · CONTEXT ONLY</source>
      <translation>VORIGER KOMMENTAR · NUR ZUSAMMENHANG</translation>
    </message>
    <message>
      <source>QUOTES</source>
      <translation>ZITATE</translation>
    </message>
    <message>
      <source>RATIONALE</source>
      <translation>BEGRÜNDUNG</translation>
    </message>
    <message>
      <source>RAW OUTPUT</source>
      <translation>ROHE AUSGABE</translation>
    </message>
    <message>
      <source>REASONING</source>
      <translation>ÜBERLEGUNG</translation>
    </message>
    <message>
      <source>REASONING · CUT SHORT AT ITS BUDGET</source>
      <translation>ÜBERLEGUNG · AN IHRER GRENZE ABGESCHNITTEN</translation>
    </message>
    <message>
      <source>REPLY · UNDER REVIEW</source>
      <translation>ANTWORT · IN PRÜFUNG</translation>
    </message>
    <message>
      <source>Scored in a first pass, to order the queue. Reasoning follows once the queue is judged.</source>
      <translation>In einem ersten Durchgang bewertet, um die Warteschlange zu ordnen. Die Überlegung folgt, sobald beurteilt ist.</translation>
    </message>
    <message>
      <source>TURN {number} · {role}</source>
      <translation>BEITRAG {number} · {role}</translation>
    </message>
    <message>
      <source>There is a label and no reasons.</source>
      <translation>Es gibt ein Label und keine Begründung.</translation>
    </message>
    <message>
      <source>WHAT HAPPENED</source>
      <translation>WAS GESCHAH</translation>
    </message>
    <message>
      <source>WITHOUT CONTEXT</source>
      <translation>OHNE ZUSAMMENHANG</translation>
    </message>
    <message>
      <source>first pass</source>
      <translation>erster Durchgang</translation>
    </message>
    <message>
      <source>not in the content</source>
      <translation>nicht im Inhalt</translation>
    </message>
    <message>
      <source>{policy}, version {number}</source>
      <translation>{policy}, Version {number}</translation>
    </message>
    <message>
      <source>{removed}. What was decided about it stays, with the hash of what was there:
{digest}</source>
      <translation>{removed}. Was dazu entschieden wurde, bleibt, mit der Prüfsumme dessen, was da stand:
{digest}</translation>
    </message>
    <message>
      <source>{turn} · UNDER REVIEW</source>
      <translation>{turn} · IN PRÜFUNG</translation>
    </message>
    <message>
      <source>{verdict}. Not stored: the verdict below had the context.</source>
      <translation>{verdict}. Nicht gespeichert: das Urteil darunter kannte den Zusammenhang.</translation>
    </message>
  </context>
  <context>
    <name>ProgressLine</name>
    <message>
      <source>Everything is judged.</source>
      <translation>Alles ist beurteilt.</translation>
    </message>
    <message>
      <source>Judged {count}</source>
      <translation>{count} beurteilt</translation>
    </message>
    <message>
      <source>Loading the model…</source>
      <translation>Modell wird geladen…</translation>
    </message>
    <message>
      <source>Nothing was left to judge</source>
      <translation>Nichts war mehr zu beurteilen</translation>
    </message>
    <message>
      <source>Stopping. Finished verdicts are kept.</source>
      <translation>Wird angehalten. Fertige Urteile bleiben.</translation>
    </message>
    <message>
      <source>The model process stopped and was started again. Nothing is lost.</source>
      <translation>Der Modellprozess hielt an und wurde neu gestartet. Nichts ist verloren.</translation>
    </message>
    <message>
      <source>The queue is empty. Import a file with {key_import}.</source>
      <translation>Die Warteschlange ist leer. {key_import} importiert eine Datei.</translation>
    </message>
    <message>
      <source>{count} not judged yet. {key_judge} lets the model judge them.</source>
      <translation>{count} noch nicht beurteilt. {key_judge} lässt das Modell urteilen.</translation>
    </message>
    <message>
      <source>{words}. Stopped; {key_judge} goes on where it ended</source>
      <translation>{words}. Angehalten; {key_judge} macht dort weiter</translation>
    </message>
  </context>
  <context>
    <name>PublishDialog</name>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Cases that were right and are not any more</source>
      <translation>Fälle, die richtig waren und es nicht mehr sind</translation>
    </message>
    <message>
      <source>I have looked at what breaks; publish</source>
      <translation>Ich habe angesehen, was kaputtgeht; veröffentlichen</translation>
    </message>
    <message>
      <source>Publish</source>
      <translation>Veröffentlichen</translation>
    </message>
    <message>
      <source>Publish despite the lint errors</source>
      <translation>Trotz der Lint-Fehler veröffentlichen</translation>
    </message>
    <message>
      <source>Publish without a test</source>
      <translation>Ohne Test veröffentlichen</translation>
    </message>
    <message>
      <source>Tested on exactly this text; nothing that was right breaks.</source>
      <translation>Mit genau diesem Text getestet; nichts Richtiges geht kaputt.</translation>
    </message>
    <message>
      <source>What is new, and why</source>
      <translation>Was neu ist, und warum</translation>
    </message>
    <message>
      <source>{item}: human {human}, was {before}, now {after}</source>
      <translation>{item}: Mensch {human}, war {before}, jetzt {after}</translation>
    </message>
    <message>
      <source>{title}, version {number}</source>
      <translation>{title}, Version {number}</translation>
    </message>
  </context>
  <context>
    <name>Quarantine</name>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>Line</source>
      <translation>Zeile</translation>
    </message>
    <message>
      <source>Why it was refused</source>
      <translation>Warum sie abgelehnt wurde</translation>
    </message>
    <message>
      <source>{file}, line {line}: {reason}</source>
      <translation>{file}, Zeile {line}: {reason}</translation>
    </message>
  </context>
  <context>
    <name>QuarantineDialog</name>
    <message>
      <source>&amp;Close</source>
      <translation>&amp;Schließen</translation>
    </message>
    <message>
      <source>&amp;Discard</source>
      <translation>&amp;Verwerfen</translation>
    </message>
    <message>
      <source>&amp;Discard…</source>
      <translation>&amp;Verwerfen…</translation>
    </message>
    <message>
      <source>&amp;Export…</source>
      <translation>E&amp;xportieren…</translation>
    </message>
    <message>
      <source>&amp;Stop</source>
      <translation>Anha&amp;lten</translation>
    </message>
    <message>
      <source>&amp;Try again</source>
      <translation>&amp;Erneut versuchen</translation>
    </message>
    <message>
      <source>&amp;Undo changes</source>
      <translation>Änderungen &amp;zurücknehmen</translation>
    </message>
    <message>
      <source>Delete, in the list</source>
      <translation>Entf, in der Liste</translation>
    </message>
    <message>
      <source>Discard refused rows</source>
      <translation>Abgelehnte Zeilen verwerfen</translation>
    </message>
    <message>
      <source>Export refused rows</source>
      <translation>Abgelehnte Zeilen exportieren</translation>
    </message>
    <message>
      <source>No row waits here: everything that was read came in.</source>
      <translation>Hier wartet keine Zeile: Alles, was gelesen wurde, ist übernommen.</translation>
    </message>
    <message>
      <source>Refused rows</source>
      <translation>Abgelehnte Zeilen</translation>
    </message>
    <message>
      <source>Rows that could not be read</source>
      <translation>Zeilen, die nicht gelesen werden konnten</translation>
    </message>
    <message>
      <source>They wait, encrypted, as they stood. Mend a row and try it again, or try it once its policy is there.</source>
      <translation>Sie warten verschlüsselt, wie sie waren. Eine Zeile ausbessern und erneut versuchen, oder versuchen, sobald ihre Richtlinie da ist.</translation>
    </message>
    <message>
      <source>This row is thrown away for good. The audit chain keeps only its hash.</source>
      <translation>Diese Zeile wird endgültig verworfen. Die Prüfkette behält nur ihren Hash.</translation>
    </message>
    <message>
      <source>Try &amp;all again</source>
      <translation>&amp;Alle erneut versuchen</translation>
    </message>
    <message>
      <source>refused-rows.txt</source>
      <translation>abgelehnte-zeilen.txt</translation>
    </message>
    <message>
      <source>{count} rows are thrown away for good. The audit chain keeps their hashes, not what they held.</source>
      <translation>{count} Zeilen werden endgültig verworfen. Die Prüfkette behält nur ihre Hashes.</translation>
    </message>
    <message>
      <source>{count} waiting</source>
      <translation>{count} warten</translation>
    </message>
    <message>
      <source>{done} of {total} tried</source>
      <translation>{done} von {total} versucht</translation>
    </message>
  </context>
  <context>
    <name>QueueDelegate</name>
    <message>
      <source>verdict hidden</source>
      <translation>Urteil verborgen</translation>
    </message>
  </context>
  <context>
    <name>QueueFilters</name>
    <message>
      <source>Saved as “{name}”.</source>
      <translation>Gespeichert als „{name}“.</translation>
    </message>
    <message>
      <source>The view “{name}” is gone.</source>
      <translation>Die Ansicht „{name}“ ist entfernt.</translation>
    </message>
  </context>
  <context>
    <name>QueuePane</name>
    <message>
      <source>All</source>
      <translation>Alle</translation>
    </message>
    <message>
      <source>All policies</source>
      <translation>Alle Richtlinien</translation>
    </message>
    <message>
      <source>Decided</source>
      <translation>Entschieden</translation>
    </message>
    <message>
      <source>Disagree</source>
      <translation>Abweichend</translation>
    </message>
    <message>
      <source>Order of the queue</source>
      <translation>Reihenfolge der Warteschlange</translation>
    </message>
    <message>
      <source>Policy filter</source>
      <translation>Filter nach Richtlinie</translation>
    </message>
    <message>
      <source>Queue</source>
      <translation>Warteschlange</translation>
    </message>
    <message>
      <source>Search content and ids  ({key_search})</source>
      <translation>Inhalt und Kennungen suchen  ({key_search})</translation>
    </message>
    <message>
      <source>Search the queue</source>
      <translation>Warteschlange durchsuchen</translation>
    </message>
    <message>
      <source>Set aside</source>
      <translation>Beiseite</translation>
    </message>
    <message>
      <source>To review</source>
      <translation>Zu prüfen</translation>
    </message>
    <message>
      <source>Which entries</source>
      <translation>Welche Einträge</translation>
    </message>
    <message>
      <source>{count} changed · sort again ({key_refresh})</source>
      <translation>{count} geändert · neu sortieren ({key_refresh})</translation>
    </message>
    <message>
      <source>{count} selected · a label or {key_agree} decides all · Esc ends</source>
      <translation>{count} ausgewählt · ein Label oder {key_agree} entscheidet alle · Esc beendet</translation>
    </message>
    <message>
      <source>{restrictions} · clear ({key_clear_narrowing})</source>
      <translation>{restrictions} · aufheben ({key_clear_narrowing})</translation>
    </message>
  </context>
  <context>
    <name>ReasonStrip</name>
    <message>
      <source>Context is missing</source>
      <translation>Zusammenhang fehlt</translation>
    </message>
    <message>
      <source>Hand it to a lead, why?</source>
      <translation>An eine Leitung geben, warum?</translation>
    </message>
    <message>
      <source>I know the people</source>
      <translation>Ich kenne die Leute</translation>
    </message>
    <message>
      <source>In your own words (N); Enter goes on without a reason, too</source>
      <translation>In eigenen Worten (N); Eingabe geht auch ohne Begründung</translation>
    </message>
    <message>
      <source>Later</source>
      <translation>Später</translation>
    </message>
    <message>
      <source>Needs an expert</source>
      <translation>Braucht Fachwissen</translation>
    </message>
    <message>
      <source>Not my language</source>
      <translation>Nicht meine Sprache</translation>
    </message>
    <message>
      <source>Policy is silent</source>
      <translation>Richtlinie schweigt</translation>
    </message>
    <message>
      <source>Possible crime</source>
      <translation>Mögliche Straftat</translation>
    </message>
    <message>
      <source>Press or public interest</source>
      <translation>Öffentliches Interesse</translation>
    </message>
    <message>
      <source>Reason in your own words</source>
      <translation>Begründung in eigenen Worten</translation>
    </message>
    <message>
      <source>Skip it, why?</source>
      <translation>Überspringen, warum?</translation>
    </message>
    <message>
      <source>Someone in danger</source>
      <translation>Jemand in Gefahr</translation>
    </message>
    <message>
      <source>Too heavy for now</source>
      <translation>Gerade zu schwer</translation>
    </message>
    <message>
      <source>Why is this item put aside?</source>
      <translation>Warum kommt dieser Eintrag beiseite?</translation>
    </message>
  </context>
  <context>
    <name>Recovery</name>
    <message>
      <source>It opens the workspace when passphrase and keychain are lost:</source>
      <translation>Er öffnet den Arbeitsbereich, wenn Passphrase und Schlüsselbund verloren sind:</translation>
    </message>
    <message>
      <source>Recovery code of a Docket workspace</source>
      <translation>Wiederherstellungscode eines Arbeitsbereichs von Docket</translation>
    </message>
    <message>
      <source>Whoever has this sheet can read everything. Lock it away.</source>
      <translation>Wer dieses Blatt hat, kann alles lesen. Schließen Sie es weg.</translation>
    </message>
    <message>
      <source>Workspace: {name}</source>
      <translation>Arbeitsbereich: {name}</translation>
    </message>
  </context>
  <context>
    <name>RecoveryCode</name>
    <message>
      <source>&amp;Copy</source>
      <translation>&amp;Kopieren</translation>
    </message>
    <message>
      <source>&amp;Print…</source>
      <translation>&amp;Drucken…</translation>
    </message>
    <message>
      <source>I have printed it or &amp;written it down</source>
      <translation>Ich habe ihn gedruckt oder auf&amp;geschrieben</translation>
    </message>
    <message>
      <source>If the passphrase is forgotten or this computer is lost, this code is the way back into the workspace. It is shown once. Keep it on paper, away from this computer: whoever has it can read everything.</source>
      <translation>Ist die Passphrase vergessen oder dieser Rechner verloren, führt dieser Code zurück in den Arbeitsbereich. Er wird einmal gezeigt. Bewahren Sie ihn auf Papier auf, fern von diesem Rechner: wer ihn hat, kann alles lesen.</translation>
    </message>
    <message>
      <source>Recovery code</source>
      <translation>Wiederherstellungscode</translation>
    </message>
  </context>
  <context>
    <name>RestStrip</name>
    <message>
      <source>Later</source>
      <translation>Später</translation>
    </message>
    <message>
      <source>Remind me later</source>
      <translation>Später erinnern</translation>
    </message>
    <message>
      <source>Reminder of a break</source>
      <translation>Erinnerung an eine Pause</translation>
    </message>
    <message>
      <source>Take a break</source>
      <translation>Pause machen</translation>
    </message>
    <message>
      <source>Take a break  {key_break}</source>
      <translation>Pause machen  {key_break}</translation>
    </message>
    <message>
      <source>{minutes} minutes of work today: the length you set for a session.</source>
      <translation>{minutes} Minuten Arbeit heute: die Länge, die Sie für eine Sitzung gesetzt haben.</translation>
    </message>
    <message>
      <source>{minutes} minutes of work without a break.</source>
      <translation>{minutes} Minuten Arbeit ohne Pause.</translation>
    </message>
  </context>
  <context>
    <name>Reviewing</name>
    <message>
      <source>There is nothing to take back in this session.</source>
      <translation>In dieser Sitzung gibt es nichts zurückzunehmen.</translation>
    </message>
  </context>
  <context>
    <name>RowEditor</name>
    <message>
      <source>Marks such as ⟦U+200B⟧ and ⟦xFF⟧ are hidden characters and broken bytes.</source>
      <translation>Marken wie ⟦U+200B⟧ und ⟦xFF⟧ sind verborgene Zeichen und kaputte Bytes.</translation>
    </message>
    <message>
      <source>The row as it stood</source>
      <translation>Die Zeile, wie sie war</translation>
    </message>
    <message>
      <source>Too long to be mended here. Export it, mend it, and import the file.</source>
      <translation>Zu lang, um sie hier auszubessern. Exportieren, ausbessern und die Datei importieren.</translation>
    </message>
    <message>
      <source>Too long: only the start was kept. Mend its file and import it.</source>
      <translation>Zu lang: Nur der Anfang wurde behalten. Die Datei ausbessern und importieren.</translation>
    </message>
    <message>
      <source>{file}, line {line}</source>
      <translation>{file}, Zeile {line}</translation>
    </message>
  </context>
  <context>
    <name>RulesPage</name>
    <message>
      <source> % of the items</source>
      <translation> % der Einträge</translation>
    </message>
    <message>
      <source>A cause is needed</source>
      <translation>Ein Grund ist nötig</translation>
    </message>
    <message>
      <source>A lead sets the rules of review.</source>
      <translation>Die Regeln der Prüfung setzt eine Leitung.</translation>
    </message>
    <message>
      <source>A note is needed</source>
      <translation>Eine Notiz ist nötig</translation>
    </message>
    <message>
      <source>Blind: the verdict is hidden until you decide</source>
      <translation>Blind: Urteil bis zur Entscheidung verborgen</translation>
    </message>
    <message>
      <source>Decisions are recorded under the name</source>
      <translation>Entscheidungen stehen unter dem Namen</translation>
    </message>
    <message>
      <source>Policy</source>
      <translation>Richtlinie</translation>
    </message>
    <message>
      <source>Second review by somebody else</source>
      <translation>Zweitprüfung durch andere</translation>
    </message>
    <message>
      <source>always</source>
      <translation>immer</translation>
    </message>
    <message>
      <source>asked for at an override, at the desk only</source>
      <translation>bei Abweichung gefragt, nur am Prüfplatz</translation>
    </message>
    <message>
      <source>at every override</source>
      <translation>bei jeder Abweichung</translation>
    </message>
    <message>
      <source>never</source>
      <translation>nie</translation>
    </message>
    <message>
      <source>where one says it violates and the other does not</source>
      <translation>wo eine Seite Verstoß sagt, die andere nicht</translation>
    </message>
  </context>
  <context>
    <name>SampleBanner</name>
    <message>
      <source>Dismiss</source>
      <translation>Ausblenden</translation>
    </message>
    <message>
      <source>Dismiss the warning for this session</source>
      <translation>Warnung für diese Sitzung ausblenden</translation>
    </message>
    <message>
      <source>The sample model is near chance (AUC 0.56 on a public moderation set): it shows how Docket works, not how well. Don't rely on its verdicts.</source>
      <translation>Das Beispielmodell rät fast nur (AUC 0,56 auf einem öffentlichen Moderationsdatensatz): es zeigt, wie Docket arbeitet, nicht wie gut. Verlassen Sie sich nicht auf seine Urteile.</translation>
    </message>
    <message>
      <source>Warning about the sample model</source>
      <translation>Warnung zum Beispielmodell</translation>
    </message>
  </context>
  <context>
    <name>ScoreBar</name>
    <message>
      <source>Probability of a violation</source>
      <translation>Wahrscheinlichkeit eines Verstoßes</translation>
    </message>
  </context>
  <context>
    <name>SecondStrip</name>
    <message>
      <source>First decision</source>
      <translation>Erste Entscheidung</translation>
    </message>
    <message>
      <source>Second decision</source>
      <translation>Zweite Entscheidung</translation>
    </message>
    <message>
      <source>Second review</source>
      <translation>Zweitprüfung</translation>
    </message>
    <message>
      <source>Two reviewers agree.</source>
      <translation>Zwei Prüfende sind sich einig.</translation>
    </message>
    <message>
      <source>Two reviewers differ. What you decide stands.</source>
      <translation>Zwei Prüfende sind uneins. Was Sie entscheiden, gilt.</translation>
    </message>
    <message>
      <source>Two reviewers differed; a lead has settled it.</source>
      <translation>Zwei Prüfende waren uneins; eine Leitung hat entschieden.</translation>
    </message>
  </context>
  <context>
    <name>Segment</name>
    <message>
      <source>{name}: {count}</source>
      <translation>{name}: {count}</translation>
    </message>
  </context>
  <context>
    <name>SettingUp</name>
    <message>
      <source>First steps go on from the menu Help.</source>
      <translation>Die ersten Schritte gehen über das Menü Hilfe weiter.</translation>
    </message>
    <message>
      <source>The recovery code was not kept. Make a new one under File, Keys: nobody can read the old one again.</source>
      <translation>Der Wiederherstellungscode wurde nicht festgehalten. Machen Sie einen neuen unter Datei, Schlüssel: Den alten kann niemand mehr lesen.</translation>
    </message>
  </context>
  <context>
    <name>Sheets</name>
    <message>
      <source>95% interval</source>
      <translation>95-%-Intervall</translation>
    </message>
    <message>
      <source>A score is seen by a lead and by the person alone. It is for talking about the policy.</source>
      <translation>Einen Wert sehen nur eine Leitung und die Person selbst. Er dient dem Gespräch über die Richtlinie.</translation>
    </message>
    <message>
      <source>A threshold is chosen on the items it is measured on and looks a little better than it will be.</source>
      <translation>Eine Schwelle wird an den Einträgen gewählt, an denen sie gemessen ist, und sieht etwas besser aus, als sie sein wird.</translation>
    </message>
    <message>
      <source>AUC of the score (n: smaller side)</source>
      <translation>AUC des Werts (n: kleinere Seite)</translation>
    </message>
    <message>
      <source>Above the diagonal Cohen's kappa, below it the share of equal labels, which opens what the two differ on. Of all together Krippendorff's alpha.</source>
      <translation>Über der Diagonale Cohens Kappa, darunter der Anteil gleicher Labels, der öffnet, worin sie abweichen. Für alle zusammen Krippendorffs Alpha.</translation>
    </message>
    <message>
      <source>Agreement</source>
      <translation>Übereinstimmung</translation>
    </message>
    <message>
      <source>Agreement changed by</source>
      <translation>Übereinstimmung änderte sich um</translation>
    </message>
    <message>
      <source>Agreement, assisted</source>
      <translation>Übereinstimmung, mit Hilfe</translation>
    </message>
    <message>
      <source>Agreement, blind</source>
      <translation>Übereinstimmung, blind</translation>
    </message>
    <message>
      <source>Agreement, with 95% intervals</source>
      <translation>Übereinstimmung, mit 95-%-Intervallen</translation>
    </message>
    <message>
      <source>All</source>
      <translation>Alle</translation>
    </message>
    <message>
      <source>All overrides</source>
      <translation>Alle Abweichungen</translation>
    </message>
    <message>
      <source>All together</source>
      <translation>Alle zusammen</translation>
    </message>
    <message>
      <source>Alpha between reviewers</source>
      <translation>Alpha zwischen Prüfenden</translation>
    </message>
    <message>
      <source>Alpha or kappa</source>
      <translation>Alpha oder Kappa</translation>
    </message>
    <message>
      <source>Alpha, labels</source>
      <translation>Alpha, Labels</translation>
    </message>
    <message>
      <source>Alpha, violating or not</source>
      <translation>Alpha, Verstoß oder nicht</translation>
    </message>
    <message>
      <source>Area under the ROC curve</source>
      <translation>Fläche unter der ROC-Kurve</translation>
    </message>
    <message>
      <source>Assisted</source>
      <translation>Mit Hilfe</translation>
    </message>
    <message>
      <source>Assisted less blind agreement: {gap}.</source>
      <translation>Übereinstimmung mit Hilfe minus blind: {gap}.</translation>
    </message>
    <message>
      <source>Assisted less blind agreement: {gap}. Above zero is automation bias (Fisher's exact test).</source>
      <translation>Übereinstimmung mit Hilfe minus blind: {gap}. Über null ist Automationsverzerrung (exakter Test nach Fisher).</translation>
    </message>
    <message>
      <source>Because</source>
      <translation>Weil</translation>
    </message>
    <message>
      <source>Between reviewers</source>
      <translation>Zwischen Prüfenden</translation>
    </message>
    <message>
      <source>Blind</source>
      <translation>Blind</translation>
    </message>
    <message>
      <source>Blind and assisted</source>
      <translation>Blind und mit Hilfe</translation>
    </message>
    <message>
      <source>Blind or assisted</source>
      <translation>Blind oder mit Hilfe</translation>
    </message>
    <message>
      <source>Calibration error</source>
      <translation>Kalibrierfehler</translation>
    </message>
    <message>
      <source>Cause</source>
      <translation>Grund</translation>
    </message>
    <message>
      <source>Causes of overrides</source>
      <translation>Gründe der Abweichungen</translation>
    </message>
    <message>
      <source>Causes of overrides, with 95% intervals</source>
      <translation>Gründe der Abweichungen, mit 95-%-Intervallen</translation>
    </message>
    <message>
      <source>Changed sides</source>
      <translation>Seite gewechselt</translation>
    </message>
    <message>
      <source>Choose a policy: this sheet speaks of one.</source>
      <translation>Wählen Sie eine Richtlinie: dieses Blatt spricht von einer.</translation>
    </message>
    <message>
      <source>Clause</source>
      <translation>Klausel</translation>
    </message>
    <message>
      <source>Cohen's kappa</source>
      <translation>Cohens Kappa</translation>
    </message>
    <message>
      <source>Cohen's kappa of every two reviewers, with 95% intervals</source>
      <translation>Cohens Kappa von je zwei Prüfenden, mit 95-%-Intervallen</translation>
    </message>
    <message>
      <source>Confusion</source>
      <translation>Verwechslung</translation>
    </message>
    <message>
      <source>Cross-validated, out of fold. A row opens the items its folds got wrong.</source>
      <translation>Kreuzvalidiert. Eine Zeile öffnet die Einträge, die dabei falsch waren.</translation>
    </message>
    <message>
      <source>Decided</source>
      <translation>Entschieden</translation>
    </message>
    <message>
      <source>Draw</source>
      <translation>Ziehung</translation>
    </message>
    <message>
      <source>Drawn</source>
      <translation>Gezogen</translation>
    </message>
    <message>
      <source>Effort</source>
      <translation>Aufwand</translation>
    </message>
    <message>
      <source>Errors</source>
      <translation>Fehler</translation>
    </message>
    <message>
      <source>F1</source>
      <translation>F1</translation>
    </message>
    <message>
      <source>F1 on the same items, with 95% intervals</source>
      <translation>F1 auf denselben Einträgen, mit 95-%-Intervallen</translation>
    </message>
    <message>
      <source>Figure</source>
      <translation>Kennzahl</translation>
    </message>
    <message>
      <source>Figures with their intervals</source>
      <translation>Kennzahlen mit ihren Intervallen</translation>
    </message>
    <message>
      <source>From version to version</source>
      <translation>Von Version zu Version</translation>
    </message>
    <message>
      <source>Human</source>
      <translation>Mensch</translation>
    </message>
    <message>
      <source>Human ↓   Model →</source>
      <translation>Mensch ↓   Modell →</translation>
    </message>
    <message>
      <source>Imported</source>
      <translation>Mitgebracht</translation>
    </message>
    <message>
      <source>Item</source>
      <translation>Eintrag</translation>
    </message>
    <message>
      <source>Items</source>
      <translation>Einträge</translation>
    </message>
    <message>
      <source>Its words were forgotten when content was removed. Train it again to use it.</source>
      <translation>Ihre Wörter wurden vergessen, als Inhalt entfernt wurde. Trainieren Sie sie neu.</translation>
    </message>
    <message>
      <source>Judge</source>
      <translation>Urteilend</translation>
    </message>
    <message>
      <source>Judged by both</source>
      <translation>Von beiden beurteilt</translation>
    </message>
    <message>
      <source>Kappa</source>
      <translation>Kappa</translation>
    </message>
    <message>
      <source>Kind of item</source>
      <translation>Art des Eintrags</translation>
    </message>
    <message>
      <source>Known right labels</source>
      <translation>Bekannte richtige Labels</translation>
    </message>
    <message>
      <source>Label</source>
      <translation>Label</translation>
    </message>
    <message>
      <source>Labels</source>
      <translation>Labels</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <source>Layer</source>
      <translation>Schicht</translation>
    </message>
    <message>
      <source>Learning curve</source>
      <translation>Lernkurve</translation>
    </message>
    <message>
      <source>Learnt from vectors alone: {model}, SHA-256 {sha}.</source>
      <translation>Lernt allein aus Vektoren: {model}, SHA-256 {sha}.</translation>
    </message>
    <message>
      <source>Learnt from words and vectors: {model}, SHA-256 {sha}.</source>
      <translation>Lernt aus Wörtern und Vektoren: {model}, SHA-256 {sha}.</translation>
    </message>
    <message>
      <source>Mean score</source>
      <translation>Mittlerer Wert</translation>
    </message>
    <message>
      <source>Measured on</source>
      <translation>Gemessen an</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Month</source>
      <translation>Monat</translation>
    </message>
    <message>
      <source>Most useful next</source>
      <translation>Nützlichste als Nächstes</translation>
    </message>
    <message>
      <source>No decided item has a score.</source>
      <translation>Kein entschiedener Eintrag hat einen Wert.</translation>
    </message>
    <message>
      <source>No decided item has a verdict to compare yet.</source>
      <translation>Noch hat kein entschiedener Eintrag ein Urteil zum Vergleichen.</translation>
    </message>
    <message>
      <source>No second opinion is trained yet.</source>
      <translation>Noch ist keine zweite Meinung trainiert.</translation>
    </message>
    <message>
      <source>No two reviewers decided the same item yet. Second reviews make that happen.</source>
      <translation>Noch haben keine zwei Prüfenden denselben Beitrag entschieden. Zweitprüfungen sorgen dafür.</translation>
    </message>
    <message>
      <source>No violating item was found, so there is nothing to recall (n {n:,}).</source>
      <translation>Kein Verstoß wurde gefunden, also gibt es nichts wiederzufinden (n {n:,}).</translation>
    </message>
    <message>
      <source>Not enough labels, or not trained yet. It takes 50 decided items, 10 of each side.</source>
      <translation>Zu wenige Labels, oder noch nicht trainiert. Es braucht 50 entschiedene Einträge, 10 je Seite.</translation>
    </message>
    <message>
      <source>Nothing was drawn yet. Draw an audit sample and review it to learn what the model misses.</source>
      <translation>Noch nichts gezogen. Ziehen Sie eine Stichprobe und prüfen Sie sie, um zu erfahren, was das Modell übersieht.</translation>
    </message>
    <message>
      <source>Of all together Krippendorff's alpha, of two Cohen's kappa. Same label opens what they differ on.</source>
      <translation>Von allen zusammen Krippendorffs Alpha, von zweien Cohens Kappa. „Gleiches Label“ öffnet, worin sie abweichen.</translation>
    </message>
    <message>
      <source>Open items to review</source>
      <translation>Offene Einträge zu prüfen</translation>
    </message>
    <message>
      <source>Open items whose labels would teach the most. Opening one opens it and all below it.</source>
      <translation>Offene Einträge, deren Labels am meisten lehren. Öffnen zeigt den Eintrag und alle darunter.</translation>
    </message>
    <message>
      <source>Overrides</source>
      <translation>Abweichungen</translation>
    </message>
    <message>
      <source>Overview</source>
      <translation>Übersicht</translation>
    </message>
    <message>
      <source>Platt's mapping</source>
      <translation>nach Platt abgebildet</translation>
    </message>
    <message>
      <source>Policy</source>
      <translation>Richtlinie</translation>
    </message>
    <message>
      <source>Positive class: violates. The human is the truth. Every number opens the items it stands on.</source>
      <translation>Positive Klasse: Verstoß. Der Mensch gilt als richtig. Jede Zahl öffnet die Einträge, auf denen sie steht.</translation>
    </message>
    <message>
      <source>Precision</source>
      <translation>Genauigkeit</translation>
    </message>
    <message>
      <source>Precision {share:.0%}</source>
      <translation>Genauigkeit {share:.0%}</translation>
    </message>
    <message>
      <source>Recall</source>
      <translation>Trefferquote</translation>
    </message>
    <message>
      <source>Recall is known once every layer has a decided item.</source>
      <translation>Die Trefferquote ist bekannt, sobald jede Schicht einen entschiedenen Eintrag hat.</translation>
    </message>
    <message>
      <source>Recall {recall}; precision {precision}; violating items that were passed: {misses}</source>
      <translation>Trefferquote {recall}; Genauigkeit {precision}; durchgelassene Verstöße: {misses}</translation>
    </message>
    <message>
      <source>Recall {share:.0%}</source>
      <translation>Trefferquote {share:.0%}</translation>
    </message>
    <message>
      <source>Recall, misses included</source>
      <translation>Trefferquote, Übersehenes mitgezählt</translation>
    </message>
    <message>
      <source>Reliability of scores</source>
      <translation>Verlässlichkeit der Werte</translation>
    </message>
    <message>
      <source>Reliability of the score</source>
      <translation>Verlässlichkeit des Werts</translation>
    </message>
    <message>
      <source>Reviewer</source>
      <translation>Prüfende</translation>
    </message>
    <message>
      <source>Right</source>
      <translation>Richtig</translation>
    </message>
    <message>
      <source>Right alone</source>
      <translation>Allein richtig</translation>
    </message>
    <message>
      <source>Rows are what humans said, columns what the model said of the same items.</source>
      <translation>Zeilen: was Menschen sagten. Spalten: was das Modell zu denselben Einträgen sagte.</translation>
    </message>
    <message>
      <source>Safeguard model</source>
      <translation>Schutzmodell</translation>
    </message>
    <message>
      <source>Same label</source>
      <translation>Gleiches Label</translation>
    </message>
    <message>
      <source>Score from</source>
      <translation>Wert ab</translation>
    </message>
    <message>
      <source>Scores</source>
      <translation>Werte</translation>
    </message>
    <message>
      <source>Scores {method}: calibration error {error}, Brier score {brier}</source>
      <translation>Werte {method}: Kalibrierfehler {error}, Brier-Wert {brier}</translation>
    </message>
    <message>
      <source>Second opinion</source>
      <translation>Zweite Meinung</translation>
    </message>
    <message>
      <source>Second opinion, AUC (n: smaller side)</source>
      <translation>Zweite Meinung, AUC (n: kleinere Seite)</translation>
    </message>
    <message>
      <source>Second opinion, F1</source>
      <translation>Zweite Meinung, F1</translation>
    </message>
    <message>
      <source>Second opinion, out of fold</source>
      <translation>Zweite Meinung, kreuzvalidiert</translation>
    </message>
    <message>
      <source>Seconds an item</source>
      <translation>Sekunden je Eintrag</translation>
    </message>
    <message>
      <source>Seconds an item, median</source>
      <translation>Sekunden je Eintrag, Median</translation>
    </message>
    <message>
      <source>Share of each human label that the model gave, too</source>
      <translation>Anteil jedes Labels der Menschen, das auch das Modell vergab</translation>
    </message>
    <message>
      <source>Share of items on which the model changed sides</source>
      <translation>Anteil der Einträge, bei denen das Modell die Seite wechselte</translation>
    </message>
    <message>
      <source>Share of overrides</source>
      <translation>Anteil der Abweichungen</translation>
    </message>
    <message>
      <source>Share of right labels, with 95% intervals</source>
      <translation>Anteil richtiger Labels, mit 95-%-Intervallen</translation>
    </message>
    <message>
      <source>Share that violates</source>
      <translation>Anteil der Verstöße</translation>
    </message>
    <message>
      <source>Share violating changed by</source>
      <translation>Anteil der Verstöße änderte sich um</translation>
    </message>
    <message>
      <source>Source</source>
      <translation>Quelle</translation>
    </message>
    <message>
      <source>Speaks for safe: {words}</source>
      <translation>Spricht für zulässig: {words}</translation>
    </message>
    <message>
      <source>Speaks for violating: {words}</source>
      <translation>Spricht für Verstoß: {words}</translation>
    </message>
    <message>
      <source>Target</source>
      <translation>Ziel</translation>
    </message>
    <message>
      <source>The policy has one version so far.</source>
      <translation>Die Richtlinie hat bisher eine Version.</translation>
    </message>
    <message>
      <source>Thresholds and workload</source>
      <translation>Schwellen und Arbeitsmenge</translation>
    </message>
    <message>
      <source>Useful</source>
      <translation>Nützlich</translation>
    </message>
    <message>
      <source>Value</source>
      <translation>Wert</translation>
    </message>
    <message>
      <source>Version</source>
      <translation>Version</translation>
    </message>
    <message>
      <source>Version {v} of {day}: {n:,} labels, {bad:,} violating. Out of fold: AUC {auc}, F1 {f1}.</source>
      <translation>Version {v} vom {day}: {n:,} Labels, {bad:,} verstoßend. Kreuzvalidiert: AUC {auc}, F1 {f1}.</translation>
    </message>
    <message>
      <source>Versions</source>
      <translation>Versionen</translation>
    </message>
    <message>
      <source>Violating</source>
      <translation>Verstoßend</translation>
    </message>
    <message>
      <source>Violating among audited negatives</source>
      <translation>Verstöße unter geprüften Zulässigen</translation>
    </message>
    <message>
      <source>Violating items passed, estimated</source>
      <translation>Durchgelassene Verstöße, geschätzt</translation>
    </message>
    <message>
      <source>Week</source>
      <translation>Woche</translation>
    </message>
    <message>
      <source>agreement</source>
      <translation>Übereinstimmung</translation>
    </message>
    <message>
      <source>all decided</source>
      <translation>alle entschiedenen</translation>
    </message>
    <message>
      <source>all {n:,}</source>
      <translation>alle {n:,}</translation>
    </message>
    <message>
      <source>and</source>
      <translation>und</translation>
    </message>
    <message>
      <source>area under the ROC curve</source>
      <translation>Fläche unter der ROC-Kurve</translation>
    </message>
    <message>
      <source>as they are</source>
      <translation>wie sie sind</translation>
    </message>
    <message>
      <source>blind</source>
      <translation>blind</translation>
    </message>
    <message>
      <source>few decided items cite its clause</source>
      <translation>wenige entschiedene Einträge nennen die Klausel</translation>
    </message>
    <message>
      <source>flagged, decided before</source>
      <translation>gemeldet, vorher entschieden</translation>
    </message>
    <message>
      <source>flagged, open</source>
      <translation>gemeldet, offen</translation>
    </message>
    <message>
      <source>hidden golden items</source>
      <translation>verborgene Goldeinträge</translation>
    </message>
    <message>
      <source>isotonic mapping</source>
      <translation>isoton abgebildet</translation>
    </message>
    <message>
      <source>kappa</source>
      <translation>Kappa</translation>
    </message>
    <message>
      <source>labels</source>
      <translation>Labels</translation>
    </message>
    <message>
      <source>labels that came along</source>
      <translation>mitgekommene Labels</translation>
    </message>
    <message>
      <source>n</source>
      <translation>n</translation>
    </message>
    <message>
      <source>not defined</source>
      <translation>nicht definiert</translation>
    </message>
    <message>
      <source>not reached</source>
      <translation>nicht erreicht</translation>
    </message>
    <message>
      <source>passed, decided before</source>
      <translation>durchgelassen, vorher entschieden</translation>
    </message>
    <message>
      <source>passed, no score</source>
      <translation>durchgelassen, ohne Wert</translation>
    </message>
    <message>
      <source>passed, score {low} to {high}</source>
      <translation>durchgelassen, Wert {low} bis {high}</translation>
    </message>
    <message>
      <source>right</source>
      <translation>richtig</translation>
    </message>
    <message>
      <source>score</source>
      <translation>Wert</translation>
    </message>
    <message>
      <source>share</source>
      <translation>Anteil</translation>
    </message>
    <message>
      <source>share of overrides</source>
      <translation>Anteil der Abweichungen</translation>
    </message>
    <message>
      <source>share that violates</source>
      <translation>Anteil der Verstöße</translation>
    </message>
    <message>
      <source>the model is unsure</source>
      <translation>das Modell ist unsicher</translation>
    </message>
    <message>
      <source>the second opinion differs</source>
      <translation>die zweite Meinung weicht ab</translation>
    </message>
    <message>
      <source>too few</source>
      <translation>zu wenige</translation>
    </message>
    <message>
      <source>unlike the ones above</source>
      <translation>anders als die oberen</translation>
    </message>
    <message>
      <source>{before} to {after}</source>
      <translation>{before} zu {after}</translation>
    </message>
    <message>
      <source>{n:,} decided items have a score. Area under the ROC curve: {auc}</source>
      <translation>{n:,} entschiedene Einträge haben einen Wert. Fläche unter der ROC-Kurve: {auc}</translation>
    </message>
    <message>
      <source>{n:,} of {all:,}</source>
      <translation>{n:,} von {all:,}</translation>
    </message>
    <message>
      <source>{n:,} sampled items wait to be decided; the name of a layer opens its own.</source>
      <translation>{n:,} gezogene Einträge warten auf Entscheidung; der Name einer Schicht öffnet ihre.</translation>
    </message>
    <message>
      <source>{n:,} sure negatives wait; of violating items at most {error:g} do. Audit sample: {missed}</source>
      <translation>{n:,} sicher Zulässige warten; von Verstößen höchstens {error:g}. Stichprobe: {missed}</translation>
    </message>
    <message>
      <source>{n:,} without a cause</source>
      <translation>{n:,} ohne Grund</translation>
    </message>
    <message>
      <source>{n:,} wrong</source>
      <translation>{n:,} falsch</translation>
    </message>
    <message>
      <source>{n} scores of others are seen by them and by a lead.</source>
      <translation>{n} Werte anderer sehen diese selbst und eine Leitung.</translation>
    </message>
  </context>
  <context>
    <name>TaskStrip</name>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Cancel the task</source>
      <translation>Aufgabe abbrechen</translation>
    </message>
    <message>
      <source>No model loaded · offline</source>
      <translation>Kein Modell geladen · offline</translation>
    </message>
    <message>
      <source>Open: the sample ends with the window and has nothing to lock.</source>
      <translation>Offen: Die Probe endet mit dem Fenster und hat nichts zu sperren.</translation>
    </message>
    <message>
      <source>Open: what is decrypted is readable on this screen. {key_lock} locks it.</source>
      <translation>Offen: Entschlüsseltes ist auf diesem Bildschirm lesbar. {key_lock} sperrt.</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>Progress of the task</source>
      <translation>Fortschritt der Aufgabe</translation>
    </message>
    <message>
      <source>{model} · content is sent to {host}</source>
      <translation>{model} · Inhalte gehen an {host}</translation>
    </message>
    <message>
      <source>{model} · offline</source>
      <translation>{model} · offline</translation>
    </message>
    <message>
      <source>{model} · server on this machine</source>
      <translation>{model} · Server auf diesem Rechner</translation>
    </message>
    <message>
      <source>{words} · less on the graphics card than asked</source>
      <translation>{words} · weniger auf der Grafikkarte als verlangt</translation>
    </message>
  </context>
  <context>
    <name>Transfer</name>
    <message>
      <source>Export</source>
      <translation>Exportieren</translation>
    </message>
  </context>
  <context>
    <name>VerdictPane</name>
    <message>
      <source>Blind review</source>
      <translation>Blindprüfung</translation>
    </message>
    <message>
      <source>Decide with the digit keys, as if there were no model. Then its verdict is shown, and only if it differs you are asked why. A share of the items is reviewed like this, so that agreement can be measured.</source>
      <translation>Entscheiden Sie mit den Zifferntasten, als gäbe es kein Modell. Dann zeigt sich sein Urteil, und nur wenn es abweicht, werden Sie nach dem Warum gefragt. Ein Teil der Einträge wird so geprüft, damit sich die Übereinstimmung messen lässt.</translation>
    </message>
    <message>
      <source>Judged by</source>
      <translation>Beurteilt von</translation>
    </message>
    <message>
      <source>Needs a human</source>
      <translation>Braucht einen Menschen</translation>
    </message>
    <message>
      <source>No item</source>
      <translation>Kein Eintrag</translation>
    </message>
    <message>
      <source>Not judged yet</source>
      <translation>Noch nicht beurteilt</translation>
    </message>
    <message>
      <source>REASONING · NO VERDICT YET</source>
      <translation>ÜBERLEGUNG · NOCH KEIN URTEIL</translation>
    </message>
    <message>
      <source>Severity</source>
      <translation>Schwere</translation>
    </message>
    <message>
      <source>Show rule {rule}</source>
      <translation>Klausel {rule} zeigen</translation>
    </message>
    <message>
      <source>The model is reading…</source>
      <translation>Das Modell liest…</translation>
    </message>
    <message>
      <source>The model is working through the queue and will come to this item. You need not wait for it.</source>
      <translation>Das Modell arbeitet die Warteschlange ab und kommt zu diesem Eintrag. Sie müssen nicht warten.</translation>
    </message>
    <message>
      <source>The model's reasoning</source>
      <translation>Überlegung des Modells</translation>
    </message>
    <message>
      <source>The verdict is hidden until you decide</source>
      <translation>Das Urteil ist verborgen, bis Sie entscheiden</translation>
    </message>
    <message>
      <source>Verdict: {words}</source>
      <translation>Urteil: {words}</translation>
    </message>
    <message>
      <source>first look, score only</source>
      <translation>erster Blick, nur ein Wert</translation>
    </message>
    <message>
      <source>{key_judge} lets the model judge the queue; or decide without it.</source>
      <translation>{key_judge} lässt das Modell die Warteschlange beurteilen; oder entscheiden Sie ohne.</translation>
    </message>
    <message>
      <source>{label} · but the score leans the other way</source>
      <translation>{label} · doch der Wert neigt zur anderen Seite</translation>
    </message>
    <message>
      <source>{rule}: not in the policy</source>
      <translation>{rule}: nicht in der Richtlinie</translation>
    </message>
    <message>
      <source>{score} that it violates</source>
      <translation>{score}, dass es verstößt</translation>
    </message>
    <message>
      <source>{seconds} s</source>
      <translation>{seconds} s</translation>
    </message>
  </context>
  <context>
    <name>WelcomeView</name>
    <message>
      <source>Docket's icon</source>
      <translation>Symbol von Docket</translation>
    </message>
    <message>
      <source>The review desk. Everything stays on this machine.</source>
      <translation>Der Prüfplatz. Alles bleibt auf diesem Rechner.</translation>
    </message>
  </context>
  <context>
    <name>Words</name>
    <message>
      <source>+{count} alike</source>
      <translation>+{count} gleich</translation>
    </message>
    <message>
      <source>Bad example</source>
      <translation>Schlechtes Beispiel</translation>
    </message>
    <message>
      <source>Borderline</source>
      <translation>Grenzfall</translation>
    </message>
    <message>
      <source>Conversation</source>
      <translation>Gespräch</translation>
    </message>
    <message>
      <source>Cut off</source>
      <translation>Abgeschnitten</translation>
    </message>
    <message>
      <source>Decided</source>
      <translation>Entschieden</translation>
    </message>
    <message>
      <source>Differences to settle</source>
      <translation>Zu schlichten</translation>
    </message>
    <message>
      <source>Disagreement expected first</source>
      <translation>Erwartete Abweichung zuerst</translation>
    </message>
    <message>
      <source>Disagreements first</source>
      <translation>Abweichungen zuerst</translation>
    </message>
    <message>
      <source>Escalated</source>
      <translation>Eskaliert</translation>
    </message>
    <message>
      <source>Failed</source>
      <translation>Gescheitert</translation>
    </message>
    <message>
      <source>Highest risk first</source>
      <translation>Höchstes Risiko zuerst</translation>
    </message>
    <message>
      <source>Judging {done} of {total}</source>
      <translation>Beurteile {done} von {total}</translation>
    </message>
    <message>
      <source>Keychain</source>
      <translation>Schlüsselbund</translation>
    </message>
    <message>
      <source>Least certain first</source>
      <translation>Unsicherste zuerst</translation>
    </message>
    <message>
      <source>Message</source>
      <translation>Nachricht</translation>
    </message>
    <message>
      <source>Missing context</source>
      <translation>Fehlender Kontext</translation>
    </message>
    <message>
      <source>Model misread</source>
      <translation>Modell las falsch</translation>
    </message>
    <message>
      <source>Needs a human</source>
      <translation>Braucht einen Menschen</translation>
    </message>
    <message>
      <source>Nothing here yet.</source>
      <translation>Noch nichts hier.</translation>
    </message>
    <message>
      <source>Nothing is left to review here. Import a file with {key_import}, or look under All ({key_view_all}).</source>
      <translation>Hier ist nichts mehr zu prüfen. {key_import} importiert eine Datei, oder sehen Sie unter Alle nach ({key_view_all}).</translation>
    </message>
    <message>
      <source>Nothing matches this search. Clear it with Escape, or look under All ({key_view_all}).</source>
      <translation>Nichts passt zu dieser Suche. Esc leert sie, oder sehen Sie unter Alle nach ({key_view_all}).</translation>
    </message>
    <message>
      <source>Nothing waits for you in this list. {key_whole_queue} goes back to the queue.</source>
      <translation>In dieser Liste wartet nichts auf Sie. {key_whole_queue} führt zur Warteschlange.</translation>
    </message>
    <message>
      <source>Oldest first</source>
      <translation>Älteste zuerst</translation>
    </message>
    <message>
      <source>Other</source>
      <translation>Anderes</translation>
    </message>
    <message>
      <source>Passphrase</source>
      <translation>Passphrase</translation>
    </message>
    <message>
      <source>Policy gap</source>
      <translation>Lücke in der Richtlinie</translation>
    </message>
    <message>
      <source>Read</source>
      <translation>Gelesen</translation>
    </message>
    <message>
      <source>Recovery code</source>
      <translation>Wiederherstellungscode</translation>
    </message>
    <message>
      <source>Refused</source>
      <translation>Verweigert</translation>
    </message>
    <message>
      <source>Reply</source>
      <translation>Antwort</translation>
    </message>
    <message>
      <source>Safe</source>
      <translation>Zulässig</translation>
    </message>
    <message>
      <source>Second review</source>
      <translation>Zweitprüfung</translation>
    </message>
    <message>
      <source>Skipped</source>
      <translation>Übersprungen</translation>
    </message>
    <message>
      <source>The decision was taken back.</source>
      <translation>Die Entscheidung wurde zurückgenommen.</translation>
    </message>
    <message>
      <source>The decisions on the selection were taken back.</source>
      <translation>Die Entscheidungen über die Auswahl wurden zurückgenommen.</translation>
    </message>
    <message>
      <source>The item is no longer escalated.</source>
      <translation>Der Eintrag ist nicht mehr eskaliert.</translation>
    </message>
    <message>
      <source>The item is no longer skipped.</source>
      <translation>Der Eintrag ist nicht mehr übersprungen.</translation>
    </message>
    <message>
      <source>The last step was taken back.</source>
      <translation>Der letzte Schritt wurde zurückgenommen.</translation>
    </message>
    <message>
      <source>The model answered, but no label of this policy can be read from it. You decide.</source>
      <translation>Das Modell hat geantwortet, aber kein Label dieser Richtlinie ist daraus zu lesen. Sie entscheiden.</translation>
    </message>
    <message>
      <source>The model could not be run on this item. You decide.</source>
      <translation>Das Modell ließ sich auf diesen Eintrag nicht anwenden. Sie entscheiden.</translation>
    </message>
    <message>
      <source>The model declined to judge this item. You decide.</source>
      <translation>Das Modell hat sich geweigert, diesen Eintrag zu beurteilen. Sie entscheiden.</translation>
    </message>
    <message>
      <source>The model ran out of room before it reached a verdict. You decide.</source>
      <translation>Dem Modell ging vor dem Urteil der Platz aus. Sie entscheiden.</translation>
    </message>
    <message>
      <source>To review</source>
      <translation>Zu prüfen</translation>
    </message>
    <message>
      <source>Under {policy}</source>
      <translation>Unter {policy}</translation>
    </message>
    <message>
      <source>Unreadable</source>
      <translation>Unlesbar</translation>
    </message>
    <message>
      <source>Violates</source>
      <translation>Verstößt</translation>
    </message>
    <message>
      <source>Waiting for the model</source>
      <translation>Wartet auf das Modell</translation>
    </message>
    <message>
      <source>content removed on {date}</source>
      <translation>Inhalt entfernt am {date}</translation>
    </message>
    <message>
      <source>escalate</source>
      <translation>eskalieren</translation>
    </message>
    <message>
      <source>high effort</source>
      <translation>hoher Aufwand</translation>
    </message>
    <message>
      <source>kept by {backend}</source>
      <translation>bewahrt von {backend}</translation>
    </message>
    <message>
      <source>low effort</source>
      <translation>niedriger Aufwand</translation>
    </message>
    <message>
      <source>medium effort</source>
      <translation>mittlerer Aufwand</translation>
    </message>
    <message>
      <source>model says {label}, {side}</source>
      <translation>Modell sagt {label}, {side}</translation>
    </message>
    <message>
      <source>model: {status}</source>
      <translation>Modell: {status}</translation>
    </message>
    <message>
      <source>set on {date}</source>
      <translation>gesetzt am {date}</translation>
    </message>
    <message>
      <source>severity {severity} of 4</source>
      <translation>Schwere {severity} von 4</translation>
    </message>
    <message>
      <source>the model's verdict is hidden until you decide</source>
      <translation>das Urteil des Modells ist verborgen, bis Sie entscheiden</translation>
    </message>
    <message>
      <source>under a minute</source>
      <translation>unter einer Minute</translation>
    </message>
    <message>
      <source>you decided {label}</source>
      <translation>entschieden: {label}</translation>
    </message>
    <message>
      <source>{count} decided</source>
      <translation>{count} entschieden</translation>
    </message>
    <message>
      <source>{count} left: {reason}</source>
      <translation>{count} übrig: {reason}</translation>
    </message>
    <message>
      <source>{hours} h {minutes} min</source>
      <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
      <source>{minutes} min</source>
      <translation>{minutes} min</translation>
    </message>
    <message>
      <source>{name} (sample)</source>
      <translation>{name} (Beispiel)</translation>
    </message>
    <message>
      <source>{script} script</source>
      <translation>Schrift {script}</translation>
    </message>
    <message>
      <source>{time} left</source>
      <translation>noch {time}</translation>
    </message>
  </context>
  <context>
    <name>WorkspaceForm</name>
    <message>
      <source>Back</source>
      <translation>Zurück</translation>
    </message>
    <message>
      <source>Browse…</source>
      <translation>Durchsuchen…</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Ordner</translation>
    </message>
    <message>
      <source>Folder of the workspace</source>
      <translation>Ordner des Arbeitsbereichs</translation>
    </message>
    <message>
      <source>Leave the passphrase empty if this computer's keychain holds the key. If it is forgotten, type the recovery code instead and set a new one under File, Keys.</source>
      <translation>Die Passphrase leer lassen, wenn der Schlüsselbund dieses Rechners den Schlüssel hält. Ist sie vergessen, stattdessen den Wiederherstellungscode eingeben und unter Datei, Schlüssel eine neue setzen.</translation>
    </message>
    <message>
      <source>Name a folder.</source>
      <translation>Nennen Sie einen Ordner.</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>Öffnen</translation>
    </message>
    <message>
      <source>Open a workspace</source>
      <translation>Arbeitsbereich öffnen</translation>
    </message>
    <message>
      <source>Passphrase</source>
      <translation>Passphrase</translation>
    </message>
    <message>
      <source>Passphrase or recovery code</source>
      <translation>Passphrase oder Wiederherstellungscode</translation>
    </message>
  </context>
  <context>
    <name>_Choices</name>
    <message>
      <source>A folder that Docket made before.</source>
      <translation>Ein Ordner, den Docket früher angelegt hat.</translation>
    </message>
    <message>
      <source>A small queue and a small model. The workspace is deleted when you close it.</source>
      <translation>Kleine Warteschlange, kleines Modell. Der Arbeitsbereich wird beim Schließen gelöscht.</translation>
    </message>
    <message>
      <source>Go on with the last workspace</source>
      <translation>Mit dem letzten Arbeitsbereich weitermachen</translation>
    </message>
    <message>
      <source>Open a workspace</source>
      <translation>Arbeitsbereich öffnen</translation>
    </message>
    <message>
      <source>Set up a workspace</source>
      <translation>Einen Arbeitsbereich einrichten</translation>
    </message>
    <message>
      <source>Step by step: an encrypted folder, its keys, a model, a policy, your items.</source>
      <translation>Schritt für Schritt: ein verschlüsselter Ordner, Schlüssel, Modell, Richtlinie, Einträge.</translation>
    </message>
    <message>
      <source>Try the sample queue</source>
      <translation>Beispiel ausprobieren</translation>
    </message>
  </context>
  <context>
    <name>_PreviewTable</name>
    <message>
      <source>First rows of the file</source>
      <translation>Erste Zeilen der Datei</translation>
    </message>
    <message>
      <source>Id</source>
      <translation>Kennung</translation>
    </message>
    <message>
      <source>Row</source>
      <translation>Zeile</translation>
    </message>
    <message>
      <source>Text, or why it is refused</source>
      <translation>Text, oder warum er abgelehnt wird</translation>
    </message>
    <message>
      <source>a decision</source>
      <translation>eine Entscheidung</translation>
    </message>
    <message>
      <source>refused</source>
      <translation>abgelehnt</translation>
    </message>
  </context>
</TS>
