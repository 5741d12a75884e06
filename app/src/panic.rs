//! A bug stopped the application: the restart screen of `index.html` is shown and this instance is not used again.

/// Shows the restart screen, with what is safe in words, when the application panics.
pub fn show_restart_screen_on_panic() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // Another tab may take over the line to the relay.
        crate::platform::locks::release_all();
        crate::platform::page::show_restart_screen(
            "Liaison s’est arrêté",
            "Une erreur inattendue a arrêté l’application. Ce qui était enregistré sur cet appareil y est toujours ; \
             seuls les derniers mots en cours de saisie peuvent manquer. Rechargez pour continuer.",
        );
    }));
}
