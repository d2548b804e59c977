package io.postern.analytics.fleet;

/** What kind of app. */
enum Category {
    SYSTEM,
    MANAGEMENT,
    SECURITY,
    MAIL,
    CHAT,
    BROWSER,
    VIDEO,
    MUSIC,
    SOCIAL,
    GAME,
    BACKUP,
    SYNC,
    WEATHER,
    BANKING,
    MAPS,
    PASSWORDS,
    CALLS,
    DEVELOPER,
    NEWS,
    FITNESS,
    HOME,
    SHOPPING,
    NOTES,
    TOOL,
    WAREHOUSE
}
