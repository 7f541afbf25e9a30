"""Words in names of columns that tell of people, in seven languages of Western Europe."""

from __future__ import annotations

from core.drift.people.word_set import word_set

NAMING = word_set(
    """
    achternaam addressee anmeldename apelido apellido apellidos apodo benutzername cognome familienname
    familyname firstname forename fullname gebruikersnaam givenname handle initials kuerzel kurzel lastname
    login nachname nickname nominativo passport prenom pseudo pseudonyme rufname signature sobrenome
    spitzname ssn surname unterschrift username voornaam vorname zuname
    """
)
"""Names of people."""
REACHED = word_set(
    """
    address adres adresse anschrift calle cellphone correo courriel direccion email endereco fax handy iban
    indirizzo mail mobil mobile movil phone portable rue strasse street telefon telefono telefoon telephone
    """
)
"""Where people are reached."""
NAMES = word_set(
    """
    imie naam name names namn nazwisko nom nombre nombres nome nomes noms
    """
)
"""Names of anything: of people where nothing else is named."""
PARTS = word_set(
    """
    complet complete completo de display familia familiar famille family first full given last legal maiden
    middle pila preferred real sur usage
    """
)
"""What stands beside these in the name of a person."""
ROLES = word_set(
    """
    abogada abogado absender acheteur actor actress admin administrator adviser advisor agent agente alumna
    alumno analyst angestellte angestellter ansprechpartner antragsteller anwalt anwender applicant approver
    arbeiter arbeitgeber arbeitnehmer artist arzt arztin asesor asesora assignee assigner assistant athlete
    attorney auditor auftraggeber auteur author autista autor autora avocat bailleur bearbeiter beheerder
    beneficiaire beneficiario beneficiary benutzer berater beschaftigter besitzer betreuer bewerber borrower
    boss broker buyer cajera cajero candidate captain caregiver carer caseworker cashier chauffeur chef chief
    child chirurg chirurgien chofer cirujano claimant clerk client cliente clinician coach colleague
    comercial commercial comprador compradora conducteur conductor conductora conductrice conseiller
    conseillere consultant contact contacto contractor coordinator courier coworker creator creditor customer
    dealer debtor defendant demandeur dentist destinataire destinatario dipendente directeur director
    directrice disponent doctor doctora donor dozent driver duena dueno editor eigenaar eigentumer einkaufer
    eleve empfanger empleada empleado employe employee employer encadrant encargada encargado enfermera
    enfermero engineer enseignant enseignante estudiante etudiant evaluateur expediteur fahrer father foreman
    funcionario gerant gerante gerente gestionnaire guardian guest gutachter halter handler hausarzt head
    householder husband impiegato individual infirmier infirmiere inhaber inquilino insegnante inspector
    instructor insured interlocuteur interviewer jefa jefe jockey judge juez juge kaufer klant klient
    kontaktperson kunde kundin landlord lawyer lead leader learner lecturer lehrer leiter lender leraar
    lessee lessor locataire maestra maestro makler manager mandant mechanic medecin medewerker medica medico
    member mentor midwife mieter mitarbeitende mitarbeiter mitglied monteur mother motorista notary nurse
    nutzer offender officer operador operadora operateur operator ouvrier ouvriere owner paciente parent
    passenger pathologist patient patron patronne payee payer paziente people person persona pfleger
    physician pilot plaintiff player policyholder practitioner producer profesor profesora professeur
    professor propietaria propietario proprietaire proprietario prufer psychologist pupil radiologist
    receiver recipient recruiter redacteur redactor referee referrer remitente rep reporter representative
    requester requestor resident responsabile responsable responsible reviewer revisor richter rider
    sachbearbeiter salarie salariee salesman salesperson saleswoman schuler schwester secretary seller sender
    singer solicitante sponsor spouse staff staffer student submitter subordinate subscriber superieur
    superior supervisor supervisora surgeon suspect teacher technician technicien techniker tecnica tecnico
    teilnehmer tenant therapist titulaire titular trabajador trabajadora trainer tutor umpire user usuaria
    usuario utente utilisateur vendedor vendedora vendeur vendeuse venditore vendor verantwortlich
    verantwortlicher verfasser verkaufer verkoper vermieter versicherter vertreter victim visitor vorgesetzte
    vorgesetzter who whom whose wife witness worker writer zustandig zustandiger
    """
)
"""What people are called by what they do."""
DOERS = word_set(
    """
    by da door durch par por von
    """
)
"""Last words of names such as *created by*."""
NUMBERED = word_set(
    """
    code id ids kennung key no nr num number numero nummer
    """
)
"""What people are told apart by."""
