"""Which function answers which method of the Web API."""

from collections.abc import Callable

from simulator.slack import (
    app_methods,
    chat_methods,
    conversation_methods,
    directory_methods,
    file_methods,
    oauth_methods,
    view_methods,
)
from simulator.slack.arguments import Arguments
from simulator.slack.naming import Json
from simulator.slack.state import State

Method = Callable[[State, Arguments], Json]

METHODS: dict[str, Method] = {
    "apps.connections.open": app_methods.connections_open,
    "apps.uninstall": oauth_methods.uninstall,
    "auth.revoke": oauth_methods.revoke,
    "auth.test": directory_methods.auth_test,
    "blocks.validate": app_methods.blocks_validate,
    "bots.info": directory_methods.bots_info,
    "chat.delete": chat_methods.delete,
    "chat.getPermalink": chat_methods.permalink,
    "chat.postEphemeral": chat_methods.post_ephemeral,
    "chat.postMessage": chat_methods.post_message,
    "chat.update": chat_methods.update,
    "conversations.info": conversation_methods.conversations_info,
    "conversations.list": conversation_methods.conversations_list,
    "conversations.members": conversation_methods.conversations_members,
    "conversations.open": conversation_methods.conversations_open,
    "files.completeUploadExternal": file_methods.complete_upload,
    "files.getUploadURLExternal": file_methods.upload_url,
    "oauth.v2.access": oauth_methods.access,
    "team.info": directory_methods.team_info,
    "usergroups.list": directory_methods.usergroups_list,
    "usergroups.users.list": directory_methods.usergroup_users,
    "users.conversations": conversation_methods.users_conversations,
    "users.info": directory_methods.users_info,
    "users.list": directory_methods.users_list,
    "users.lookupByEmail": directory_methods.users_by_email,
    "views.open": view_methods.open_view,
    "views.publish": view_methods.publish,
    "views.push": view_methods.push,
    "views.update": view_methods.update,
}
WITHOUT_TOKEN = ("oauth.v2.access",)
