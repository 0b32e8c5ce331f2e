# ruff: noqa: E501  paragraphs of a legal text, each one line
"""The product's own first text of the confidentiality declaration, for a case and for general meetings (A18.2).

Administrators publish later versions; a published version is never edited.
"""

TEXTS: dict[str, dict[str, str]] = {
    "case": {
        "sq": """Unë, nënshkruesi/nënshkruesja, marr pjesë në Tryezën Multidisiplinare për ndihmë në menaxhimin e këtij rasti dhe deklaroj se:

1. do t'i ruaj si sekret të gjitha informatat, të dhënat dhe dokumentet e rastit që i mësoj me gojë, me shkrim ose në çfarëdo mënyre tjetër, si dhe vetë faktin që rasti ekziston;
2. do t'i përdor ato vetëm për mbrojtjen e fëmijës dhe për detyrat e mia në këtë Tryezë, në interesin më të mirë të fëmijës;
3. nuk do t'ia zbuloj, dërgoj, kopjoj apo tregoj askujt jashtë Tryezës, as brenda institucionit tim, përveç kur ligji e bën të detyrueshme dhe pasi ta kem njoftuar menaxherin e rastit;
4. do t'i ruaj të dhënat personale sipas ligjit për mbrojtjen e të dhënave personale dhe nuk do të mbaj kopje pasi të mos jenë më të nevojshme;
5. do ta njoftoj menjëherë menaxherin e rastit nëse vërej se një informatë ka humbur ose e ka mësuar një person i paautorizuar;
6. e di se çdo qasje në rast regjistrohet dhe se detyra e fshehtësisë vazhdon edhe pasi të përfundojë pjesëmarrja ime.

E kam lexuar dhe e kam kuptuar këtë deklaratë. E di se shkelja e saj mund të sjellë përgjegjësi sipas ligjit.""",
        "sr": """Ja, dolepotpisani/dolepotpisana, učestvujem u Multidisciplinarnom stolu za pomoć u upravljanju ovim slučajem i izjavljujem da ću:

1. čuvati kao tajnu sve informacije, podatke i dokumenta o slučaju koje saznam usmeno, pismeno ili na bilo koji drugi način, kao i samu činjenicu da slučaj postoji;
2. koristiti ih samo radi zaštite deteta i za svoje zadatke u ovom Stolu, u najboljem interesu deteta;
3. nikome van Stola, ni unutar svoje ustanove, neću ih otkriti, poslati, kopirati niti pokazati, osim kada to zakon nalaže i pošto o tome obavestim menadžera slučaja;
4. čuvati lične podatke u skladu sa zakonom o zaštiti ličnih podataka i neću zadržati kopije kada više ne budu potrebne;
5. odmah obavestiti menadžera slučaja ako primetim da je neka informacija izgubljena ili da ju je saznalo neovlašćeno lice;
6. imati u vidu da se svaki pristup slučaju beleži i da obaveza čuvanja tajne traje i posle prestanka mog učešća.

Pročitao/pročitala sam i razumeo/razumela ovu izjavu. Znam da njeno kršenje može povlačiti odgovornost po zakonu.""",
        "en": """I, the undersigned, take part in the Multidisciplinary Table for helping in the management of this case and declare that I will:

1. keep secret all information, data and documents of the case that I learn by word, in writing or in any other way, and also the fact that the case exists;
2. use them only to protect the child and for my tasks at this Table, in the child's best interest;
3. not disclose, send, copy or show them to anybody outside the Table, nor within my own institution, except where the law makes it compulsory and after I have told the case manager;
4. keep personal data by the law on the protection of personal data, and keep no copies once they are no longer needed;
5. tell the case manager at once if I notice that information was lost or became known to an unauthorised person;
6. remember that every access to the case is recorded, and that the duty of secrecy goes on after my participation ends.

I have read and understood this declaration. I know that breaking it may bring liability under the law.""",
    },
    "general": {
        "sq": """Unë, nënshkruesi/nënshkruesja, marr pjesë në takimet e përgjithshme të Tryezës Multidisiplinare të kësaj komune dhe deklaroj se:

1. do t'i ruaj si sekret informatat dhe të dhënat që i mësoj në këto takime dhe që mund ta bëjnë të njohshëm një fëmijë, një familje ose një person;
2. nuk do të përmend në këto takime emra ose rrethana nga të cilat mund të njihet një fëmijë;
3. do t'i përdor materialet e takimeve vetëm për detyrat e mia në Tryezë, sipas ligjit për mbrojtjen e të dhënave personale;
4. e di se detyra e fshehtësisë vazhdon edhe pasi të përfundojë pjesëmarrja ime.

E kam lexuar dhe e kam kuptuar këtë deklaratë.""",
        "sr": """Ja, dolepotpisani/dolepotpisana, učestvujem na opštim sastancima Multidisciplinarnog stola ove opštine i izjavljujem da ću:

1. čuvati kao tajnu informacije i podatke koje saznam na ovim sastancima, a po kojima bi se moglo prepoznati dete, porodica ili neko lice;
2. na ovim sastancima neću pominjati imena ni okolnosti po kojima bi se dete moglo prepoznati;
3. koristiti materijale sa sastanaka samo za svoje zadatke u Stolu, u skladu sa zakonom o zaštiti ličnih podataka;
4. imati u vidu da obaveza čuvanja tajne traje i posle prestanka mog učešća.

Pročitao/pročitala sam i razumeo/razumela ovu izjavu.""",
        "en": """I, the undersigned, take part in the general meetings of this municipality's Multidisciplinary Table and declare that I will:

1. keep secret the information and data I learn in these meetings by which a child, a family or a person could be recognised;
2. not mention in these meetings names or circumstances by which a child could be recognised;
3. use the papers of the meetings only for my tasks at the Table, by the law on the protection of personal data;
4. remember that the duty of secrecy goes on after my participation ends.

I have read and understood this declaration.""",
    },
}
"""kind -> language -> text."""
