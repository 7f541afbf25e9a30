"""Given names that many people have, and that say little else: no town, colour, month, make or plain word."""

from __future__ import annotations

from core.drift.people.word_set import word_set

GIVEN = word_set(
    """
    aaron abdul abdullah abigail achim adam adela adele adelheid adolfo adrian adriana adriano afonso agata
    agathe agnes agnieszka agustin ahmed ahmet aisha aitor alain alan albert alberto aldo alejandra alejandro
    aleksander aleksandra aleksei alessandro alessia alessio alex alexander alexandra alexandre alexei alexia
    alexis alfie alfio alfonso alfred alfredo alice alicia alina alison alma alonso alvaro alwin amal amalia
    amanda amandine amelie amina amir amit amparo amy ana anais anastasia anatoly anders andre andrea andreas
    andrei andres andrew andrey andrzej aneta ange angela angelika angelina angelique angelo anil anita anja
    anjali ann anna annalisa anne annegret annelie anneliese annemarie annette annie annika anouk anselmo
    ansgar anthony antje antoine anton antonella antonia antonio araceli ariane arianna arjun arlette armando
    armelle armin arnaud arndt arne arthur artur arturo asha assunta astrid aude audrey augustin aurelie
    axelle ayse ayten babette baptiste barbara barry bart bartosz bastian bastien beata beate beatrice
    beatriz begona belen benedetta benedikt benito benjamin benoit bento bernadette bernard bernardo bernd
    bernhard bertha berthe bettina betty beverly bilal birgit birgitta bjorn blandine bogdan bonnie boris
    borja bozena bram brandon brenda brian brice brigida brigitte britta bruce bruna bruno bryan burkhard
    caio callum camila camille candelaria carina carl carla carlo carlos carmelo carmen carmina caroline
    carolyn carsten cassio catalina catarina caterina catherine cathy cecile cecilia cedric celia celine cem
    cesare chantal charles chiara chloe christa christelle christiane christina christine christoph
    christophe christopher cindy cinzia claire clara clarice clarissa claude claudia claudine claudio clemens
    clement clemente clifford clotilde colette colin conchita connie cordula corentin corinna corinne
    cornelia corrado cosimo craig cristian cristiano cristina cristobal curtis cynthia cyril daan dagmar
    daisuke damien dana daniel daniela daniele danielle danilo danny darcy dario dariusz darlene darren dave
    davi david deanna debora deborah debra declan deepak delphine denis denise dennis derek detlef diana
    diane didier diego dieter dietmar dietrich diogo dionisio dirk dmitri dmitry dominik dominika donald
    donatella donna dorian doris dorota dorothea dorothee dorothy douglas duane duncan dwayne dylan eberhard
    eckhard eddie edeltraud edgar edith edmund edmundo edna edouard eduarda eduardo edward edwin efrain egon
    eileen ekaterina ekkehard elaine eleanor elena eleonora elfriede eliane elias elif elio elisa elisabet
    elisabeth elise elizabeth elke ella ellen elodie eloisa eloise elsa elvira elzbieta emanuele emeric emil
    emile emilia emilie emilio emily emma emmanuel emmanuelle emre enrico enrique enriqueta enzo erhard eric
    erica erich erik erika erna ernesto ernst erwin esteban estefania estela estelle esther ethan etienne
    ettore euan eugene eugenia eugenie eulalia eunice eusebio evangelina evelyn ewa ewald ezequiel fabian
    fabiana fabien fabienne fabio fabiola fabrice fabrizio fadi fanny fatih fatima fatma faustino federica
    federico felicie felicitas felipe felisa felix femke ferdinand fermin fernand fernanda fernando filip
    filippo fiona fiorella flavia flavien florencio florent florentine florian floyd franca frances francesca
    francesco francine francisco francois francoise franz franziska frauke fred frederic frederik frederique
    frieda friederike friedrich fulvio gabino gabriel gabriela gabriele gabrielle gaelle gaetan gaetano gail
    galina gareth garry gary gaston gavin gemma genaro genevieve gennaro geoffrey geoffroy georg george
    georges georgette gerald geraldine gerard gerardo gerd gerda gerhard germaine gertrud gertrude gesa
    ghislaine giacomo gianluca gianni gijs gilbert gilberto gilles gina gines gino giorgia giorgio giovanni
    gisela gisele giulia giuliana giuseppe giuseppina gladys glenn gonzalo gordon graciela graeme graziella
    grazyna greg gregoire gregor gregorio gregory greta griselda grzegorz gudrun guido guilherme guillaume
    guillermo gunnar gunter gunther gustavo gwenael gwendolyn hakan halina hamish hamza hanna hannah hanne
    hannelore hannes hans harald harold harry hartmut hartwig haruto harvey hasan hassan heather hector
    hedwig heidi heike heiko heinrich heinz heitor helen helena helene helga helmut heloisa hendrik henk
    henri henriette henrik henrike henrique henry herbert herman hermann herta hilario hilda hildegard
    hildegund hinrich hiroko hiroshi holger hollie horst hortense howard hubert hugo hugues huguette humberto
    huseyin hussein ian ibrahim ignacia ignacio igor ilaria ilka ilona ilse imogen ines inga inge ingeborg
    ingo ingrid inigo inmaculada irene irina irma irmgard irving isaac isabel isabela isabella isabelle
    isadora isaiah isidro ismael ismail isolde itziar ivan ivano ivanovna jacek jacinto jacky jacob jacobo
    jacqueline jacques jaime jakob jakub jamal james jamila jan jana jane janet janice janine janusz jaroslaw
    jasmin jasper javier jayden jean jeanne jeannine jeff jeffrey jenna jennifer jens jeremy jeroen jerome
    jeronimo jerry jerzy jesse jessica jill jimmy joachim joan joana joanna joanne joao joaquin jocelyne
    jochen jodie joel joelle johan johann johanna johannes john johnny jolanta jonas jonathan joost jordi
    jorg jorge jorn jose josef josefa josefina joseph josephine josette joshua josiane joyce juan juana
    juanita juanjo judith judy jules julia julian juliana julie julien juliette julius jurgen justin justine
    justyna jutta kai kaitlyn kamil karen karim karima karin karina karl karla karol karolina karoline
    karsten katarina katarzyna kate katharina katharine katherine kathi kathleen kathrin kathryn kathy katie
    katja katrin kavita kayla kazuko keiko keith kelly kemal kendra kenji kenneth kenta kerry kerstin kevin
    khaled khalid kieran kilian kimberly kirsten klara klaus koen konrad konstantin konstanze korbinian
    kristen kristin kristina krystyna krzysztof kurt kyle laetitia lakshmi larissa larry lars latifa latoya
    laura laure lauren laurence laurent lazaro lea leah leander leandro leanne leila lena leni leonard
    leonardo leonie leonor leopold leopoldo leroy leslie lester leticia letizia leyla liam liesel lilian
    liliana linda lindsay linus lionel lisa lisandro lisette livia loic lois loredana lorena lorenz lorenzo
    loretta lori lothar lotte louis louisa louise louna luana luc luca lucas lucia luciana luciano lucie
    lucienne lucile lucille lucy ludivine ludmila ludovic ludwig luigi luis luisa luise luiz luiza lukas
    lukasz luke lutz lydia lynn lynne maarten mabel macarena maciej maddalena madeleine mael magda magdalena
    magnus mahmoud maik maike makoto malcolm malgorzata manfred manish manolo manon manuela marc marcel
    marcela marcella marcelle marcelo marcia marcin marco marcos marcus mareike marek margaret margarete
    margarita margaux margit margot marguerite maria mariam marian mariana mariangela marianne maribel
    maricarmen marie marieke marilyn marina mario marion marisa marisol marit marita mariusz marjorie markus
    marlene marlies marlis marsha marta marten martha martin martina martine marvin mary maryse masao massimo
    mateo mateusz matheus mathias mathieu mathilde mathis matias matteo matthew matthias matthieu mattia maud
    maureen maurizio mauro maxence maxime maximilian maximo mechthild mees megan mehmet meike melanie melchor
    melina melinda melissa merle micaela michael michaela michal michel michela michele micheline michelle
    mieczyslaw miguel mike mikhail mildred milena milton mirco mireille mirella miriam mirko miroslaw mohamed
    mohammed moises molly monica monika monique morgane moritz muhammad murat muriel murilo mustafa myra
    myriam nabil nadia nadine nadja nancy naoko nasser natalia natalie natalya natasha nathalie nathan
    nathanael neha neil nele nelly nerea nicanor nicholas nick nicola nicolas nicole nicoletta niels nigel
    nikita niklas nikolai nikolaus nikolay nils nina noah noelia noelle noemie nora norbert norberto noriko
    norman noura nunzia nuria octavio odette odile oksana olaf ole olegario olga oliver olivia olivier omar
    onofre orazio orhan ornella ortrud oscar oskar osman osvaldo oswald otavio ottavio ottilie otto owen
    pablo paco paige pamela paola paolo pascal pascale pascual pasquale patrice patricia patricio patrick
    patrik patrizia paul paula pauline paulino paulo pavel pawel pedro peggy penelope pepe pepita perrine
    petra philipp philippe philippine phillip phyllis piero pierre pierrick pieter pietra pietro pilar piotr
    pippa pooja primitivo priya przemyslaw quentin quirin rachael rachel rafael rafaela rafal raffaele
    raffaella rahel rahul raimundo rainer raj rajesh ralf ralph ramiro ramon ramona raoul raphael raquel
    rashid raul ravi raymond rebecca regina regis reiner reinhard reinhild reinhold remi remy renan renata
    renate renato rene renee rhonda rhys ricarda ricardo riccardo richard rigoberto rita robert roberta
    roberto robin robyn rocco rocio roderich rodney rodolfo rodolphe rodrigo rogelio roger roland rolf romina
    romy ronald ronnie rory rosalia rosana rosanna rosario rosaura rosella roselyne rosemarie rosemary rosie
    ross roswitha roxana roxane ruben rudi rudiger rudolf ruediger rufino ruperto russell ruth ruud ryan
    ryszard sabina sabine sabrina sakura salma salvatore samantha samir samuel sander sandra sandrine sanjay
    sanne sara sarah sascha satoshi saturnino saul scott sean sebastian sebastien selim selina serena serge
    sergei sergey sergio serkan severin severine severino shane shannon sharon sheila sherry shirley
    siegfried sieglinde sigmund sigrid sigrun silke silvana silvestre silvia silvio simon simona simone
    simonetta siobhan sjoerd slawomir socorro sofia solange solene sonia sonja sophia sophie stacey stacy
    stanislaw stanley stefan stefania stefanie stefano steffen stephan stephane stephanie stephen steve
    steven stewart stijn stuart sunil sunita suresh susan susana susann susanna susanne suzanne svea sven
    svenja svetlana sylvain sylvia sylvie sylwia szymon tabea tadeusz takashi takeshi tamara tammy tanguy
    tanja tara tariq tatiana tatjana tatyana teodoro terry teun thea thekla theo theodor theresa therese
    thiago thibaud thibault thierry thijs thomas thorsten tiffany timo timoteo timothee timothy tina tiziana
    tjeerd tobias todd tomas tomasz tommaso tomoko torben torsten tracey tracy traute travis trevor trude
    tyler udo ugo ulf ulla ulrich ulrike umberto undine urs ursula urszula uta ute uwe valentina valeria
    valerie valerio valery vanesa vanessa veit vera verena vernon veronica veronika veronique vicenta vicente
    victor vijay viktor viktoria vincent vincenza vincenzo vinicius virginie vito vitor vitoria vittoria
    vittorio vivian vladimir volker waldemar walid walter waltraud wanda wayne wencke wendy werner wesley
    wibke wiebke wieland wieslaw wilfredo wilfried wilhelm willem willi william willy winfried witold
    wojciech wolfgang wolfram wouter xavier ximena yago yann yannick yannis yasmin yelena yesenia yoann yoko
    yolanda youssef yuki yumi yuri yusuf yves yvonne zacarias zacharie zachary zainab zara zbigniew zeynep
    zoe zofia zulema zuzanna
    """
)
